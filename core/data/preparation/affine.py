"""Warping: every pixel of the new image is looked up in the old one, between its four nearest pixels."""

import numpy as np

from core.arrays import Array


AT_ONCE = 2**16
"""Pixels looked up in one go: their coordinates and weights stay in the cache's reach."""


def moved(by: Array) -> Array:
    """Places (row, column) plus `by` (N, 2), as matrices (N, 3, 3) on (row, column, 1)."""
    matrices = np.tile(np.eye(3), (len(by), 1, 1))
    matrices[:, :2, 2] = by
    return matrices


def about_the_middle(linear: Array, height: int, width: int) -> Array:
    """(N, 2, 2) on (row, column) from the middle of the image -> (N, 3, 3) on (row, column, 1)."""
    middle = np.array([(height - 1) / 2, (width - 1) / 2])
    matrices = np.tile(np.eye(3), (len(linear), 1, 1))
    matrices[:, :2, :2] = linear
    matrices[:, :2, 2] = middle - linear @ middle
    return matrices


def warp(images: Array, matrices: Array, fill: int) -> Array:
    """Images (N, C, H, W) uint8, matrices (N, 2, 3): pixel (row, column) becomes what stood at
    matrix @ (row, column, 1), bilinear between pixels; outside of the image everything is `fill`."""
    if (matrices[:, :, :2] == np.eye(2)).all() and (matrices[:, :, 2] % 1 == 0).all():
        return _slid(images, matrices[:, :, 2].astype(int), fill)
    new = np.empty_like(images)
    step = max(1, AT_ONCE // (images.shape[2] * images.shape[3]))
    for start in range(0, len(images), step):
        some = slice(start, start + step)
        new[some] = _warp(images[some], matrices[some].astype(np.float32), fill)
    return new


def _slid(images: Array, by: Array, fill: int) -> Array:
    """Whole pixels need no interpolation: for each distance (row, column) in `by` (N, 2), one copy of a slice."""
    new = np.full_like(images, fill)
    distances, which = np.unique(by, axis=0, return_inverse=True)
    for index, (down, right) in enumerate(distances.tolist()):
        these = which.ravel() == index
        (to_rows, of_rows), (to_columns, of_columns) = map(_overlap, (down, right), images.shape[2:])
        slid = new[these]
        slid[:, :, to_rows, to_columns] = images[these][:, :, of_rows, of_columns]
        new[these] = slid
    return new


def _overlap(by: int, side: int) -> tuple[slice, slice]:
    """Places in the new image that place + by leaves inside the old one, and where those are in it."""
    start, stop = max(0, -by), max(0, min(side, side - by))
    return slice(start, max(start, stop)), slice(start + by, max(start, stop) + by)


def _warp(images: Array, matrices: Array, fill: int) -> Array:
    """With a frame of two pixels of `fill`, a place outside needs no case of its own: it is moved onto the frame."""
    count, channels, height, width = images.shape
    framed = np.pad(images, ((0, 0), (0, 0), (2, 2), (2, 2)), constant_values=fill)
    positions = _places(matrices, height, width)
    rows, columns = (
        np.clip(position, -2, side, dtype=np.float32) + 2
        for position, side in zip(positions, (height, width), strict=True)
    )
    top, left = rows.astype(np.int32), columns.astype(np.int32)
    down, right = rows - top, columns - left
    wide = width + 4
    corner = (np.arange(count, dtype=np.int64) * channels * (height + 4) * wide)[:, None, None] + top * wide + left
    new = np.empty_like(images)
    flat = framed.ravel()
    for channel in range(channels):
        at = corner + channel * (height + 4) * wide
        above = flat[at] * (1 - right) + flat[at + 1] * right
        below = flat[at + wide] * (1 - right) + flat[at + wide + 1] * right
        new[:, channel] = np.rint(above * (1 - down) + below * down)
    return new


def _places(matrices: Array, height: int, width: int) -> tuple[Array, Array]:
    """The rows and the columns (N, H, W) to look at."""
    row, column = np.arange(height, dtype=np.float32)[:, None], np.arange(width, dtype=np.float32)
    first, second = (
        matrices[:, axis, 0, None, None] * row
        + matrices[:, axis, 1, None, None] * column
        + matrices[:, axis, 2, None, None]
        for axis in (0, 1)
    )
    return first, second
