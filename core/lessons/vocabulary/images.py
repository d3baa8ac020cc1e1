"""Images as numbers: their length when flattened, the position of a pixel, the number of a class."""

from collections.abc import Sequence

import numpy as np

from core.arrays import Array
from core.data import catalogue
from core.demos.images import pixel_permutation
from core.demos.images.toy_images import TOYS
from core.numerics import dense


__all__ = ["class_number", "flat_length", "pixel_index", "pixel_place", "toy_pixel"]


def flat_length(image_shape: Sequence[int]) -> int:
    """How many numbers an image (C, H, W) or (H, W) has when it is flattened."""
    image = np.zeros((1, *image_shape))
    return int(dense.flatten(image)[0].shape[1])


def pixel_index(row: int, column: int, width: int) -> int:
    """The number of a pixel, counted row by row from 1."""
    return pixel_permutation.index(row, column, width)


def pixel_place(index: int, width: int) -> tuple[int, int]:
    """The row and column of a pixel, counted from 1."""
    return pixel_permutation.position(index, width)


def class_number(data: str, name: str) -> int:
    """The label of a class in a data set of the catalogue."""
    return catalogue.describe(data).class_names.index(name)


def toy_pixel(name: str, row: int, column: int) -> Array:
    """Red, green and blue of a pixel of a toy image; row and column are counted from 0."""
    return TOYS[name]()[:, row, column].astype(float)
