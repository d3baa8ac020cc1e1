"""A shape at every place of an empty image: the map of a kernel, and the map pooled."""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.numerics import convolution, pooling
from core.numerics.windows import positions


@dataclass(frozen=True)
class Tour:
    """Place p = row * across + column. maps (P, rows, columns), pooled (P, rows, columns). Against the place `start`:
    `gap` (P,) is how far the map is from the start's map moved along (largest difference), `changed` (P,) counts the
    cells of the pooled map that differ."""

    across: int
    maps: Array
    pooled: Array
    gap: Array
    changed: Array


def tour(shape, kernel, side: int, window: int, start: tuple[int, int]) -> Tour:
    """`shape` (h, w) wanders over side x side zeros; `kernel` (kh, kw) without padding or flip; max pooling. Maps are
    compared where the moved map of the start still has a value."""
    shape, kernel = np.asarray(shape, np.float64), np.asarray(kernel, np.float64)
    down, across = positions((side, side), shape.shape)
    x = np.zeros((down * across, 1, side, side))
    for index, (i, j) in enumerate(np.ndindex(down, across)):
        x[index, 0, i : i + shape.shape[0], j : j + shape.shape[1]] = shape
    y, _ = convolution.forward(x, kernel[None, None], np.zeros(1))
    pooled, _ = pooling.max_pool(y, (window, window), (window, window))
    maps, small = y[:, 0], pooled[:, 0]
    first = start[0] * across + start[1]
    steps = [(i - start[0], j - start[1]) for i, j in np.ndindex(down, across)]
    return Tour(
        across,
        maps,
        small,
        np.array([_gap(maps[first], item, *step) for item, step in zip(maps, steps, strict=True)]),
        (small != small[first]).sum(axis=(1, 2)),
    )


def _gap(before: Array, after: Array, down: int, right: int) -> float:
    """The largest difference between `after` and `before` moved by (down, right), where both have values."""
    rows, columns = before.shape
    old = before[max(-down, 0) : rows - max(down, 0), max(-right, 0) : columns - max(right, 0)]
    new = after[max(down, 0) : rows + min(down, 0), max(right, 0) : columns + min(right, 0)]
    return float(np.abs(new - old).max(initial=0))
