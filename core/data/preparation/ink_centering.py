"""Centre a drawn digit as MNIST does: scale it into a 20 x 20 box, then put its centre of mass in the middle.

LeCun, Cortes, Burges: the MNIST database. There the mean centre of mass is at row 14, column 14, counted from 0.
"""

import numpy as np
from PIL import Image

from core.arrays import Array


SIDE, BOX = 28, 20


def centred(image: Array, side: int = SIDE, box: int = BOX, by_mass: bool = True) -> Array:
    """(H, W) uint8, white ink on black -> (side, side), in which the longer side of the ink is `box` pixels.

    In the middle is the centre of mass, or else the middle of the box around the ink. Without ink, the result is black.
    """
    result = np.zeros((side, side), np.uint8)
    if not image.any():
        return result
    small = _scaled_to_box(image[_ink(image)], box)
    if by_mass:
        starts = [_start(mass, length, side) for mass, length in zip(centre_of_mass(small), small.shape, strict=True)]
    else:
        starts = [(side - length) // 2 for length in small.shape]
    result[tuple(slice(start, start + length) for start, length in zip(starts, small.shape, strict=True))] = small
    return result


def centre_of_mass(image: Array) -> tuple[float, float]:
    """Row and column, counted from 0, averaged over the pixels with their brightness as weight."""
    grey = image.astype(float)
    rows, columns = np.indices(image.shape)
    return float((rows * grey).sum() / grey.sum()), float((columns * grey).sum() / grey.sum())


def _ink(image: Array) -> tuple[slice, slice]:
    """The bounding box of the ink."""
    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    return slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)


def _scaled_to_box(ink: Array, box: int) -> Array:
    """The ink with its longer side scaled to `box` pixels, smoothed when it shrinks; the aspect ratio is kept."""
    factor = box / max(ink.shape)
    height, width = (max(1, round(length * factor)) for length in ink.shape)
    return np.asarray(Image.fromarray(ink).resize((width, height), Image.Resampling.BILINEAR))


def _start(mass: float, length: int, side: int) -> int:
    """The first row or column, chosen so that the centre of mass is in the middle and nothing sticks out."""
    return min(max(0, round(side // 2 - mass)), side - length)
