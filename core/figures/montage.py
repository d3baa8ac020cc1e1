"""Many small images as one PNG: a single request and element instead of dozens."""

import base64
import io

import numpy as np
from PIL import Image

from core.arrays import Array


GAP = 2


def montage(images: Array, columns: int, zoom: int = 2) -> bytes:
    """Images (N, C, H, W) uint8 with one or three channels, row by row -> PNG bytes."""
    count, _channels, height, width = images.shape
    rows = -(-count // columns)
    sheet = np.zeros((rows * (height + GAP) - GAP, columns * (width + GAP) - GAP, 4), dtype=np.uint8)
    for index, image in enumerate(images):
        top, left = (index // columns) * (height + GAP), (index % columns) * (width + GAP)
        sheet[top : top + height, left : left + width, :3] = np.broadcast_to(image, (3, height, width)).transpose(
            1, 2, 0
        )
        sheet[top : top + height, left : left + width, 3] = 255
    image = Image.fromarray(sheet).resize((sheet.shape[1] * zoom, sheet.shape[0] * zoom), Image.Resampling.NEAREST)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def stretched(values: Array) -> Array:
    """Numbers (N, C, H, W) -> uint8: the minimum is black, the maximum white. If all are equal, all are black."""
    low, high = values.min(initial=np.inf), values.max(initial=-np.inf)
    return (
        np.rint((values - low) / (high - low) * 255).astype(np.uint8)
        if high > low
        else np.zeros(values.shape, np.uint8)
    )


def as_url(png: bytes) -> str:
    """An address that contains the image itself."""
    return "data:image/png;base64," + base64.b64encode(png).decode()
