"""An image of the reader's own: any file that Pillow opens, grey and small enough to show each pixel."""

import io

import numpy as np
from PIL import Image, UnidentifiedImageError

from core.arrays import Array
from core.data.dataset import DataError


MOST_PIXELS = 50_000_000


def grey(content: bytes, side: int) -> Array:
    """(H, W) of 0 to 255, whole numbers in float64, the longer edge `side` pixels. Raises DataError."""
    return np.asarray(_small(content, side, "L"), np.float64)


def colour(content: bytes, side: int) -> Array:
    """(3, H, W) uint8, red, green and blue, the longer edge `side` pixels. Raises DataError."""
    return np.ascontiguousarray(np.asarray(_small(content, side, "RGB"), np.uint8).transpose(2, 0, 1))


def _small(content: bytes, side: int, mode: str) -> Image.Image:
    try:
        with Image.open(io.BytesIO(content)) as image:
            if image.width * image.height > MOST_PIXELS:
                raise DataError(f"the image has {image.width:,} x {image.height:,} pixels; take a smaller one")
            small = image.convert(mode)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise DataError("this file is no image that can be read; try a PNG or JPEG") from None
    small.thumbnail((side, side))
    return small
