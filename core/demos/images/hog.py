"""Features made by hand: which way the edges run, counted cell by cell (the idea of HOG, Dalal and Triggs 2005)."""

import numpy as np

from core.arrays import Array


DIRECTIONS = 8
CELL = 4


def edge_histogram(images: Array, cell: int = CELL, directions: int = DIRECTIONS) -> Array:
    """(N, H, W) -> (N, H/cell * W/cell * directions): in each cell of cell x cell pixels and for each direction of the
    gradient, the sum of the gradients' lengths. Sobel's kernels, a border of zeros; nothing is learned."""
    across, down = _sobel(images)
    length = np.hypot(across, down)
    turn = (np.arctan2(down, across) / (2 * np.pi) * directions).round().astype(int) % directions
    split = [np.where(turn == k, length, 0) for k in range(directions)]
    return np.stack([_summed(one, cell) for one in split], axis=-1).reshape(len(images), -1)


def _sobel(images: Array) -> tuple[Array, Array]:
    """Horizontal and vertical difference, each smoothed across by 1 2 1, over 8; like the images."""
    framed = np.pad(np.asarray(images, np.float64), ((0, 0), (1, 1), (1, 1)))
    smooth_down = framed[:, :-2] + 2 * framed[:, 1:-1] + framed[:, 2:]
    smooth_across = framed[:, :, :-2] + 2 * framed[:, :, 1:-1] + framed[:, :, 2:]
    across = (smooth_down[:, :, 2:] - smooth_down[:, :, :-2]) / 8
    return across, (smooth_across[:, 2:] - smooth_across[:, :-2]) / 8


def _summed(values: Array, cell: int) -> Array:
    """Sums over blocks of cell x cell; what does not fill a block at the right and below is left out."""
    count, height, width = values.shape
    rows, columns = height // cell, width // cell
    blocks = values[:, : rows * cell, : columns * cell].reshape(count, rows, cell, columns, cell)
    return blocks.sum(axis=(2, 4))
