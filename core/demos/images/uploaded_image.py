"""An image that the reader uploads: any file that Pillow opens, reduced until each pixel can be shown."""

import io

import numpy as np
from PIL import Image, UnidentifiedImageError

from core.arrays import Array
from core.data.dataset import DataError


MOST_PIXELS = 50_000_000


def grey(content: bytes, side: int) -> Array:
    """(H, W) whole numbers from 0 to 255 in float64; the longer edge has `side` pixels. Raises DataError."""
    return np.asarray(_small(content, side, "L"), np.float64)


def colour(content: bytes, side: int) -> Array:
    """(3, H, W) uint8: red, green and blue; the longer edge has `side` pixels. Raises DataError."""
    return np.ascontiguousarray(np.asarray(_small(content, side, "RGB"), np.uint8).transpose(2, 0, 1))


def _small(content: bytes, side: int, mode: str) -> Image.Image:
    try:
        with Image.open(io.BytesIO(content)) as image:
            if image.width * image.height > MOST_PIXELS:
                raise DataError(f"the image has {image.width:,} x {image.height:,} pixels; choose a smaller one")
            small = image.convert(mode)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise DataError("this file cannot be read as an image; try a PNG or JPEG") from None
    small.thumbnail((side, side))
    return small
