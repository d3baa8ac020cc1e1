"""Hand-made features: a histogram of edge directions in each cell (the idea of HOG, Dalal and Triggs 2005)."""

import numpy as np

from core.arrays import Array


DIRECTIONS = 8
CELL = 4


def edge_histogram(images: Array, cell: int = CELL, directions: int = DIRECTIONS) -> Array:
    """(N, H, W) -> (N, H/cell * W/cell * directions): the sum of gradient lengths per cell and gradient direction.

    A cell has cell x cell pixels. Gradients come from the Sobel kernels with a border of zeros; nothing is learned.
    """
    across, down = _sobel(images)
    length = np.hypot(across, down)
    turn = (np.arctan2(down, across) / (2 * np.pi) * directions).round().astype(int) % directions
    per_direction = [np.where(turn == k, length, 0) for k in range(directions)]
    return np.stack([_cell_sums(lengths, cell) for lengths in per_direction], axis=-1).reshape(len(images), -1)


def _sobel(images: Array) -> tuple[Array, Array]:
    """The horizontal and the vertical gradient, each of the images' shape: the Sobel kernels divided by 8."""
    framed = np.pad(np.asarray(images, np.float64), ((0, 0), (1, 1), (1, 1)))
    smooth_down = framed[:, :-2] + 2 * framed[:, 1:-1] + framed[:, 2:]
    smooth_across = framed[:, :, :-2] + 2 * framed[:, :, 1:-1] + framed[:, :, 2:]
    across = (smooth_down[:, :, 2:] - smooth_down[:, :, :-2]) / 8
    return across, (smooth_across[:, 2:] - smooth_across[:, :-2]) / 8


def _cell_sums(values: Array, cell: int) -> Array:
    """Sums over blocks of cell x cell; an incomplete block on the right or at the bottom is left out."""
    count, height, width = values.shape
    rows, columns = height // cell, width // cell
    blocks = values[:, : rows * cell, : columns * cell].reshape(count, rows, cell, columns, cell)
    return np.asarray(blocks.sum(axis=(2, 4)))
