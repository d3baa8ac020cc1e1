"""The way back through one convolution and one pooling, as a lesson shows it: what each number of the upstream sends where."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.arrays import Array
from core.numerics import convolution, pooling
from core.numerics.windows import cells, positions


Ties = Literal["first", "last", "shared"]
NUDGE = 1e-4


class SizeError(ValueError):
    """Numbers that do not lie on one another, in one sentence."""


@dataclass(frozen=True)
class ConvolutionGradients:
    """map (rows, columns) and upstream, of the same size; kernel_gradient and input_gradient as kernel and image."""

    map: Array
    upstream: Array
    kernel_gradient: Array
    input_gradient: Array


def through_convolution(image, kernel, upstream=None, stride: int = 1, flip: bool = False) -> ConvolutionGradients:
    """Derivatives of sum(upstream * map) by each weight and each pixel; no padding, float64. Without an upstream, all ones:
    the derivatives of the sum of the map. Raises SizeError where sizes do not fit."""
    x, w = np.asarray(image, np.float64), np.asarray(kernel, np.float64)
    if any(size < side for size, side in zip(x.shape, w.shape, strict=True)):
        raise SizeError(f"a kernel of {_by(w.shape)} finds no place on {_by(x.shape)} numbers")
    y, back = _convolved(x, w, stride, flip)
    g = np.ones_like(y) if upstream is None else np.asarray(upstream, np.float64)
    if g.shape != y.shape:
        raise SizeError(
            f"the upstream has {_by(g.shape)} numbers, but the output has {_by(y.shape)}: make them the same"
        )
    dx, result = back(g[None, None])
    dw = result["weights"][0, 0]
    return ConvolutionGradients(y, g, dw[::-1, ::-1] if flip else dw, dx[0, 0])


def nudged(image, kernel, upstream, stride: int = 1, flip: bool = False) -> tuple[Array, Array]:
    """The same derivatives, by the weights and by the pixels, without a way back: each number moved up and down."""
    x, w, g = (np.asarray(numbers, np.float64) for numbers in (image, kernel, upstream))
    by_weight = _nudged(w, lambda moved: float((g * _convolved(x, moved, stride, flip)[0]).sum()))
    return by_weight, _nudged(x, lambda moved: float((g * _convolved(moved, w, stride, flip)[0]).sum()))


def _convolved(x, w, stride: int, flip: bool):
    laid = w[::-1, ::-1] if flip else w
    y, back = convolution.forward(x[None, None], laid[None, None], np.zeros(1), stride=(stride, stride))
    return y[0, 0], back


def _nudged(numbers: Array, loss) -> Array:
    """(loss(+h) - loss(-h)) / 2h for each number: two forward passes for one derivative."""
    slopes = np.empty_like(numbers)
    for position in np.ndindex(numbers.shape):
        up, down = numbers.copy(), numbers.copy()
        up[position] += NUDGE
        down[position] -= NUDGE
        slopes[position] = (loss(up) - loss(down)) / (2 * NUDGE)
    return slopes


@dataclass(frozen=True)
class Pooled:
    """map and upstream (rows, columns); gradient as the table; shares[i][j] = [(row, column, share), ...]: which cells get
    which part of upstream[i, j]."""

    map: Array
    upstream: Array
    gradient: Array
    shares: list[list[list[tuple[int, int, float]]]]


def through_pooling(
    table, upstream=None, mode: str = "max", window: int = 2, stride: int = 2, ties: Ties = "first"
) -> Pooled:
    """Derivatives of sum(upstream * map) by each cell; `how` is "max", "average" or "sum". `ties` says which of several
    largest cells counts; frameworks take the first. Raises SizeError where sizes do not fit."""
    x = np.asarray(table, np.float64)
    if min(x.shape) < window:
        raise SizeError(f"a window of {_by((window, window))} finds no place on {_by(x.shape)} numbers")
    maker = {"max": pooling.max_pool, "average": pooling.average_pool, "sum": pooling.sum_pool}[mode]
    y = maker(x[None, None], (window, window), (stride, stride))[0][0, 0]
    g = np.ones_like(y) if upstream is None else np.asarray(upstream, np.float64)
    if g.shape != y.shape:
        raise SizeError(
            f"the upstream has {_by(g.shape)} numbers, but the output has {_by(y.shape)}: make them the same"
        )
    parts = _parts(x, y, mode, window, stride, ties)
    gradient = np.zeros_like(x)
    shares: list[list[list[tuple[int, int, float]]]] = [[[] for _ in row] for row in y]
    for (u, v), part in parts.items():
        for i, j in zip(*np.nonzero(part), strict=True):
            row, column, share = int(i * stride + u), int(j * stride + v), float(part[i, j])
            shares[i][j].append((row, column, share))
            gradient[row, column] += share * g[i, j]
    return Pooled(y, g, gradient, shares)


def _parts(x, y, mode: str, window: int, stride: int, ties: Ties) -> dict[tuple[int, int], Array]:
    """For each cell (u, v) of the window: its share in each place, (rows, columns)."""
    size = (window, window)
    indices = {
        (u, v): position for u, v, position in cells(positions(x.shape, size, (stride, stride)), size, (stride, stride))
    }
    if mode != "max":
        share = 1 / window**2 if mode == "average" else 1.0
        return {cell: np.full(y.shape, share) for cell in indices}
    equal = {cell: (x[position] == y).astype(np.float64) for cell, position in indices.items()}
    if ties == "shared":
        count = sum(equal.values())
        return {cell: same / count for cell, same in equal.items()}
    waiting, result = np.ones_like(y), {}
    for cell in equal if ties == "first" else reversed(equal):
        result[cell] = waiting * equal[cell]
        waiting = waiting - result[cell]
    return result


def _by(size) -> str:
    return " x ".join(map(str, size))
