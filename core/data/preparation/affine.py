"""Affine transforms: every pixel of the new image is interpolated between the four nearest pixels of the old one."""

import numpy as np

from core.arrays import Array


CHUNK = 2**16
"""Pixels interpolated in one go: their coordinates and weights fit into the processor's cache."""


def moved(by: Array) -> Array:
    """Translations of (row, column) by `by` (N, 2), as matrices (N, 3, 3) on (row, column, 1)."""
    matrices = np.tile(np.eye(3), (len(by), 1, 1))
    matrices[:, :2, 2] = by
    return matrices


def about_the_middle(linear: Array, height: int, width: int) -> Array:
    """(N, 2, 2) on (row, column) relative to the image's centre -> (N, 3, 3) on (row, column, 1)."""
    middle = np.array([(height - 1) / 2, (width - 1) / 2])
    matrices = np.tile(np.eye(3), (len(linear), 1, 1))
    matrices[:, :2, :2] = linear
    matrices[:, :2, 2] = middle - linear @ middle
    return matrices


def warp(images: Array, matrices: Array, fill: int) -> Array:
    """Images (N, C, H, W) uint8, matrices (N, 2, 3): pixel (row, column) gets the value of the old image at
    matrix @ (row, column, 1), with bilinear interpolation; outside the image, every value is `fill`."""
    if (matrices[:, :, :2] == np.eye(2)).all() and (matrices[:, :, 2] % 1 == 0).all():
        return _translated(images, matrices[:, :, 2].astype(int), fill)
    new = np.empty_like(images)
    step = max(1, CHUNK // (images.shape[2] * images.shape[3]))
    for start in range(0, len(images), step):
        some = slice(start, start + step)
        new[some] = _warp(images[some], matrices[some].astype(np.float32), fill)
    return new


def _translated(images: Array, by: Array, fill: int) -> Array:
    """Images moved by whole pixels, without interpolation: one copy of a slice per (row, column) in `by` (N, 2)."""
    new = np.full_like(images, fill)
    distances, which = np.unique(by, axis=0, return_inverse=True)
    for index, (down, right) in enumerate(distances.tolist()):
        selected = which.ravel() == index
        (to_rows, of_rows), (to_columns, of_columns) = map(_overlap, (down, right), images.shape[2:])
        moved_images = new[selected]
        moved_images[:, :, to_rows, to_columns] = images[selected][:, :, of_rows, of_columns]
        new[selected] = moved_images
    return new


def _overlap(by: int, side: int) -> tuple[slice, slice]:
    """The positions in the new image whose source, position + by, is inside the old one, and those sources."""
    start, stop = max(0, -by), max(0, min(side, side - by))
    return slice(start, max(start, stop)), slice(start + by, max(start, stop) + by)


def _warp(images: Array, matrices: Array, fill: int) -> Array:
    """`warp` for general matrices. A frame of two pixels of `fill` avoids special cases: positions outside the image
    are clipped to the frame."""
    count, channels, height, width = images.shape
    framed = np.pad(images, ((0, 0), (0, 0), (2, 2), (2, 2)), constant_values=fill)
    positions = _source_positions(matrices, height, width)
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


def _source_positions(matrices: Array, height: int, width: int) -> tuple[Array, Array]:
    """The rows and the columns (N, H, W) in the old image from which each new pixel comes."""
    row, column = np.arange(height, dtype=np.float32)[:, None], np.arange(width, dtype=np.float32)
    first, second = (
        matrices[:, axis, 0, None, None] * row
        + matrices[:, axis, 1, None, None] * column
        + matrices[:, axis, 2, None, None]
        for axis in (0, 1)
    )
    return first, second
