"""The order of an image's pixels: row by row, or one fixed permutation that is the same for all images."""

from core.arrays import Array
from core.random import generator


def shuffle_order(pixels: int, seed: int = 1) -> Array:
    """(pixels,) int64: the index of the pixel that each position of a shuffled image shows, a permutation."""
    return generator(seed, "pixel shuffle", pixels).permutation(pixels)


def shuffled(images: Array, seed: int = 1) -> Array:
    """(N, C, H, W) -> the same shape, with the pixels of every channel of every image in the same new order."""
    n, channels, height, width = images.shape
    order = shuffle_order(height * width, seed)
    return images.reshape(n, channels, -1)[:, :, order].reshape(images.shape)


def position(index: int, width: int) -> tuple[int, int]:
    """The row and column of a pixel from its number; all are counted from 1, row by row."""
    row, column = divmod(index - 1, width)
    return row + 1, column + 1


def index(row: int, column: int, width: int) -> int:
    """The number of a pixel from its row and column; all are counted from 1, row by row."""
    return (row - 1) * width + column
