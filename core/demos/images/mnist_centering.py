"""A drawn digit put where MNIST puts its digits: scaled into a box of 20 x 20, its centre of mass in the middle of 28 x 28.

LeCun, Cortes, Burges: the MNIST database. There the mean centre of mass lies at row 14, column 14, counted from 0.
"""

import numpy as np
from PIL import Image

from core.arrays import Array


SIDE, BOX = 28, 20
MIDDLE = SIDE // 2


def centred(image: Array) -> Array:
    """(28, 28) uint8, white ink on black -> the same, centred; the longer side of the ink is 20 pixels then. An image
    without ink stays as it is."""
    if not image.any():
        return image
    small = _in_the_box(image[_ink(image)])
    positions = [_start(mass, length) for mass, length in zip(centre_of_mass(small), small.shape, strict=True)]
    new = np.zeros((SIDE, SIDE), np.uint8)
    new[tuple(slice(start, start + length) for start, length in zip(positions, small.shape, strict=True))] = small
    return new


def centre_of_mass(image: Array) -> tuple[float, float]:
    """Row and column, each pixel counted as often as it is bright; from 0."""
    grey = image.astype(float)
    rows, columns = np.indices(image.shape)
    return float((rows * grey).sum() / grey.sum()), float((columns * grey).sum() / grey.sum())


def _ink(image: Array) -> tuple[slice, slice]:
    """The bounding box."""
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def _in_the_box(ink: Array) -> Array:
    """Smoothed where it shrinks; the ratio of the sides stays."""
    factor = BOX / max(ink.shape)
    height, width = (max(1, round(side * factor)) for side in ink.shape)
    return np.asarray(Image.fromarray(ink).resize((width, height), Image.Resampling.BILINEAR))


def _start(mass: float, length: int) -> int:
    """First row or column, so that the mass lies in the middle and nothing sticks out."""
    return min(max(0, round(MIDDLE - mass)), SIDE - length)
