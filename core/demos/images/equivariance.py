"""A shape at every position of an empty image: the feature map of a kernel, and the map after pooling."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from core.arrays import Array
from core.numerics import convolution, pooling
from core.numerics.windows import positions


@dataclass(frozen=True)
class Tour:
    """The feature maps for all P positions of the shape; position p = row * across + column."""

    across: int
    """Positions per row."""
    maps: Array
    """(P, rows, columns)"""
    pooled: Array
    """(P, rows, columns) after max pooling."""
    gap: Array
    """(P,): the largest difference from the map at `start`, shifted along with the shape."""
    changed: Array
    """(P,): how many cells of the pooled map differ from those at `start`."""


def tour(shape: ArrayLike, kernel: ArrayLike, side: int, window: int, start: tuple[int, int]) -> Tour:
    """Move `shape` (h, w) over side x side zeros, apply `kernel` (kh, kw) without padding or flip, then max pooling.

    Maps are compared where the shifted map of the start still has a value.
    """
    shape, kernel = np.asarray(shape, np.float64), np.asarray(kernel, np.float64)
    height, width = shape.shape
    down, across = positions((side, side), (height, width))
    x = np.zeros((down * across, 1, side, side))
    for index, (i, j) in enumerate(np.ndindex(down, across)):
        x[index, 0, i : i + height, j : j + width] = shape
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
    """The largest difference between `after` and `before` shifted by (down, right), where both have values."""
    rows, columns = before.shape
    old = before[max(-down, 0) : rows - max(down, 0), max(-right, 0) : columns - max(right, 0)]
    new = after[max(down, 0) : rows + min(down, 0), max(right, 0) : columns + min(right, 0)]
    return float(np.abs(new - old).max(initial=0))
