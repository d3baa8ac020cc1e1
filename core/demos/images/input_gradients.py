"""The backward pass through one convolution and one pooling: where each number of the upstream gradient goes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from core.arrays import Array
from core.numerics import convolution, pooling
from core.numerics.windows import cells, positions


Ties = Literal["first", "last", "shared"]
NUDGE = 1e-4


class SizeError(ValueError):
    """Sizes that do not match; the message is one sentence."""


@dataclass(frozen=True)
class ConvolutionGradients:
    """The feature map, and the gradients of sum(upstream * map)."""

    map: Array
    """(rows, columns)"""
    upstream: Array
    """(rows, columns)"""
    kernel_gradient: Array
    """Of the kernel's size."""
    input_gradient: Array
    """Of the image's size."""


def through_convolution(
    image: ArrayLike, kernel: ArrayLike, upstream: ArrayLike | None = None, stride: int = 1, flip: bool = False
) -> ConvolutionGradients:
    """The gradients of sum(upstream * map) with respect to the weights and the pixels; no padding, float64.

    Without an upstream gradient it is all ones, which gives the gradients of the sum of the map. Raises SizeError if
    the sizes do not match.
    """
    x, w = np.asarray(image, np.float64), np.asarray(kernel, np.float64)
    if any(size < side for size, side in zip(x.shape, w.shape, strict=True)):
        raise SizeError(f"a kernel of {_by(w.shape)} does not fit into {_by(x.shape)} numbers: make it smaller")
    y, back = _convolved(x, w, stride, flip)
    g = _upstream(upstream, y)
    dx, gradients = back(g[None, None])
    dw = gradients["weights"][0, 0]
    return ConvolutionGradients(y, g, dw[::-1, ::-1] if flip else dw, dx[0, 0])


def nudged(
    image: ArrayLike, kernel: ArrayLike, upstream: ArrayLike, stride: int = 1, flip: bool = False
) -> tuple[Array, Array]:
    """The gradients with respect to the weights and the pixels without a backward pass.

    Each number is moved a little up and down instead.
    """
    x, w, g = (np.asarray(numbers, np.float64) for numbers in (image, kernel, upstream))
    by_weight = _nudged(w, lambda moved: float((g * _convolved(x, moved, stride, flip)[0]).sum()))
    return by_weight, _nudged(x, lambda moved: float((g * _convolved(moved, w, stride, flip)[0]).sum()))


def _convolved(x: Array, w: Array, stride: int, flip: bool) -> tuple[Array, Callable[[Array], Any]]:
    """The feature map (rows, columns), and the backward pass of the convolution."""
    oriented = w[::-1, ::-1] if flip else w
    y, back = convolution.forward(x[None, None], oriented[None, None], np.zeros(1), stride=(stride, stride))
    return y[0, 0], back


def _upstream(upstream: ArrayLike | None, y: Array) -> Array:
    """The upstream gradient for the output y, all ones by default. Raises SizeError."""
    g = np.ones_like(y) if upstream is None else np.asarray(upstream, np.float64)
    if g.shape != y.shape:
        raise SizeError(
            f"the upstream gradient has {_by(g.shape)} numbers, but the output has {_by(y.shape)}: make them the same"
        )
    return g


def _nudged(numbers: Array, loss: Callable[[Array], float]) -> Array:
    """(loss(+h) - loss(-h)) / 2h for each number: two forward passes per derivative."""
    slopes = np.empty_like(numbers)
    for position in np.ndindex(numbers.shape):
        up, down = numbers.copy(), numbers.copy()
        up[position] += NUDGE
        down[position] -= NUDGE
        slopes[position] = (loss(up) - loss(down)) / (2 * NUDGE)
    return slopes


@dataclass(frozen=True)
class Pooled:
    """The pooled map, and the gradient of sum(upstream * map)."""

    map: Array
    """(rows, columns)"""
    upstream: Array
    """(rows, columns)"""
    gradient: Array
    """Of the table's size."""
    shares: list[list[list[tuple[int, int, float]]]]
    """shares[i][j] = [(row, column, share), ...]: which cells receive which share of upstream[i, j]."""


def through_pooling(
    table: ArrayLike,
    upstream: ArrayLike | None = None,
    mode: str = "max",
    window: int = 2,
    stride: int = 2,
    ties: Ties = "first",
) -> Pooled:
    """The gradient of sum(upstream * map) with respect to each cell; `mode` is "max", "average" or "sum".

    `ties` says which of several equally large cells receives the gradient; frameworks take the first. Raises SizeError
    if the sizes do not match.
    """
    x = np.asarray(table, np.float64)
    if min(x.shape) < window:
        raise SizeError(
            f"a window of {_by((window, window))} does not fit into {_by(x.shape)} numbers: make it smaller"
        )
    pool = {"max": pooling.max_pool, "average": pooling.average_pool, "sum": pooling.sum_pool}[mode]
    y = pool(x[None, None], (window, window), (stride, stride))[0][0, 0]
    g = _upstream(upstream, y)
    parts = _parts(x, y, mode, window, stride, ties)
    gradient = np.zeros_like(x)
    shares: list[list[list[tuple[int, int, float]]]] = [[[] for _ in row] for row in y]
    for (u, v), part in parts.items():
        for i, j in zip(*np.nonzero(part), strict=True):
            row, column, share = int(i * stride + u), int(j * stride + v), float(part[i, j])
            shares[i][j].append((row, column, share))
            gradient[row, column] += share * g[i, j]
    return Pooled(y, g, gradient, shares)


def _parts(x: Array, y: Array, mode: str, window: int, stride: int, ties: Ties) -> dict[tuple[int, int], Array]:
    """For each cell (u, v) of the window: its share at each position of the window, (rows, columns)."""
    size, step = (window, window), (stride, stride)
    height, width = x.shape
    indices = {(u, v): index for u, v, index in cells(positions((height, width), size, step), size, step)}
    if mode != "max":
        share = 1 / window**2 if mode == "average" else 1.0
        return {cell: np.full(y.shape, share) for cell in indices}
    is_largest = {cell: (x[index] == y).astype(np.float64) for cell, index in indices.items()}
    if ties == "shared":
        count = sum(is_largest.values())
        return {cell: largest / count for cell, largest in is_largest.items()}
    unassigned = np.ones_like(y)
    result: dict[tuple[int, int], Array] = {}
    for cell in is_largest if ties == "first" else reversed(is_largest):
        result[cell] = unassigned * is_largest[cell]
        unassigned = unassigned - result[cell]
    return result


def _by(size: Iterable[int]) -> str:
    return " x ".join(map(str, size))
