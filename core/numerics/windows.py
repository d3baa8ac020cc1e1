"""A window sliding over maps: which cells it meets, and how far they lie apart."""

from collections.abc import Iterator

import numpy as np

from core.network.shapes import reach


Pair = tuple[int, int]
"""(height, width)"""


Pads = tuple[Pair, Pair]
"""((top, bottom), (left, right)) in cells, as `core.network.shapes.pads` says."""

NO_PADS: Pads = ((0, 0), (0, 0))


def padded(x, pads: Pads, value: float = 0):
    """Zeros, or another value, around the maps."""
    return np.pad(x, ((0, 0), (0, 0), *pads), constant_values=value) if np.any(pads) else x


def cropped(x, pads: Pads):
    """Undoes `padded`."""
    (top, bottom), (left, right) = pads
    return x[:, :, top : x.shape[2] - bottom, left : x.shape[3] - right]


def positions(size: Pair, window: Pair, stride: Pair = (1, 1), dilation: Pair = (1, 1)) -> Pair:
    """How many places a window finds on a (padded) map: rows and columns that do not fill a window are left out."""
    rows, columns = (
        (length - reach(k, d)) // s + 1 for length, k, s, d in zip(size, window, stride, dilation, strict=True)
    )
    return rows, columns


def cells(outputs: Pair, window: Pair, stride: Pair = (1, 1), dilation: Pair = (1, 1)) -> Iterator[tuple]:
    """For each cell (u, v) of the window, row by row: u, v and an index [:, :, rows, columns] into (N, C, H, W).

    The index picks what that one cell meets in all positions at once, (N, C, *outputs). So a loop over the few cells of
    a window replaces a loop over the many positions on a map.
    """
    for u in range(window[0]):
        for v in range(window[1]):
            yield u, v, (..., *_met((u, v), outputs, stride, dilation))


def _met(cell: Pair, outputs: Pair, stride: Pair, dilation: Pair) -> Iterator[slice]:
    for position, count, s, d in zip(cell, outputs, stride, dilation, strict=True):
        yield slice(position * d, position * d + (count - 1) * s + 1, s)
