"""Warping: every pixel of the new picture is looked up in the old one, between its four nearest pixels."""

import numpy as np


AT_ONCE = 2**20
"""Pixels looked up in one go: their coordinates and weights stay in the cache's reach."""


def moved(by: np.ndarray) -> np.ndarray:
    """Places (row, column) plus `by` (N, 2), as matrices (N, 3, 3) on (row, column, 1)."""
    matrices = np.tile(np.eye(3), (len(by), 1, 1))
    matrices[:, :2, 2] = by
    return matrices


def about_the_middle(linear: np.ndarray, height: int, width: int) -> np.ndarray:
    """(N, 2, 2) on (row, column) from the middle of the picture -> (N, 3, 3) on (row, column, 1)."""
    middle = np.array([(height - 1) / 2, (width - 1) / 2])
    matrices = np.tile(np.eye(3), (len(linear), 1, 1))
    matrices[:, :2, :2] = linear
    matrices[:, :2, 2] = middle - linear @ middle
    return matrices


def warp(pictures: np.ndarray, matrices: np.ndarray, fill: int) -> np.ndarray:
    """Pictures (N, C, H, W) uint8, matrices (N, 2, 3): pixel (row, column) becomes what stood at
    matrix @ (row, column, 1), bilinear between pixels; outside of the picture everything is `fill`."""
    new = np.empty_like(pictures)
    step = max(1, AT_ONCE // (pictures.shape[2] * pictures.shape[3]))
    for start in range(0, len(pictures), step):
        some = slice(start, start + step)
        new[some] = _warp(pictures[some], matrices[some].astype(np.float32), fill)
    return new


def _warp(pictures: np.ndarray, matrices: np.ndarray, fill: int) -> np.ndarray:
    """With a frame of two pixels of `fill`, a place outside needs no case of its own: it is moved onto the frame."""
    count, channels, height, width = pictures.shape
    framed = np.pad(pictures, ((0, 0), (0, 0), (2, 2), (2, 2)), constant_values=fill)
    places = _places(matrices, height, width)
    rows, columns = (
        np.clip(place, -2, side, dtype=np.float32) + 2 for place, side in zip(places, (height, width), strict=True)
    )
    top, left = rows.astype(np.int32), columns.astype(np.int32)
    down, right = rows - top, columns - left
    wide = width + 4
    corner = (np.arange(count, dtype=np.int64) * channels * (height + 4) * wide)[:, None, None] + top * wide + left
    new = np.empty_like(pictures)
    flat = framed.ravel()
    for channel in range(channels):
        at = corner + channel * (height + 4) * wide
        above = flat[at] * (1 - right) + flat[at + 1] * right
        below = flat[at + wide] * (1 - right) + flat[at + wide + 1] * right
        new[:, channel] = np.rint(above * (1 - down) + below * down)
    return new


def _places(matrices: np.ndarray, height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """The rows and the columns (N, H, W) to look at."""
    row, column = np.arange(height, dtype=np.float32)[:, None], np.arange(width, dtype=np.float32)
    first, second = (
        matrices[:, axis, 0, None, None] * row
        + matrices[:, axis, 1, None, None] * column
        + matrices[:, axis, 2, None, None]
        for axis in (0, 1)
    )
    return first, second
