"""A window sliding over feature maps: its positions, and the pixels under each of its cells."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from core.arrays import Array
from core.network.shapes import reach


Pair = tuple[int, int]
"""(height, width)"""


Pads = tuple[Pair, Pair]
"""((top, bottom), (left, right)) in pixels, as `core.network.shapes.pads` returns them."""

CellIndex = tuple[Any, ...]
"""An index [..., rows, columns] into (N, C, H, W)."""

NO_PADS: Pads = ((0, 0), (0, 0))


def padded(x: Array, pads: Pads, value: float = 0) -> Array:
    """x with zeros, or another value, around the feature maps."""
    return np.pad(x, ((0, 0), (0, 0), *pads), constant_values=value) if np.any(pads) else x


def cropped(x: Array, pads: Pads) -> Array:
    """The inverse of `padded`."""
    (top, bottom), (left, right) = pads
    return x[:, :, top : x.shape[2] - bottom, left : x.shape[3] - right]


def positions(size: Pair, window: Pair, stride: Pair = (1, 1), dilation: Pair = (1, 1)) -> Pair:
    """How many positions (rows, columns) a window has on a (padded) map. Rows and columns left over at the end are
    ignored."""
    rows, columns = (
        (length - reach(k, d)) // s + 1 for length, k, s, d in zip(size, window, stride, dilation, strict=True)
    )
    return rows, columns


def cells(
    outputs: Pair, window: Pair, stride: Pair = (1, 1), dilation: Pair = (1, 1)
) -> Iterator[tuple[int, int, CellIndex]]:
    """For each cell (u, v) of the window, row by row: u, v and an index into (N, C, H, W).

    The index selects the pixels under that cell for all positions of the window together, (N, C, *outputs). So a loop
    over the few cells of a window replaces a loop over its many positions.
    """
    for u in range(window[0]):
        for v in range(window[1]):
            yield u, v, (..., *_slices((u, v), outputs, stride, dilation))


def _slices(cell: Pair, outputs: Pair, stride: Pair, dilation: Pair) -> Iterator[slice]:
    for offset, count, s, d in zip(cell, outputs, stride, dilation, strict=True):
        yield slice(offset * d, offset * d + (count - 1) * s + 1, s)
