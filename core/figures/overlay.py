"""Maps laid over the image that they explain, as images (3, H, W) uint8."""

import numpy as np

from core.arrays import Array


DIM = 0.45
"""How bright the image below a map is."""
POSITIVE, NEGATIVE = (255, 70, 125), (40, 205, 200)
"""Rose and teal: the ends of the scale of signed numbers."""
STRONG = (150, 245, 190)
"""The end of the scale of numbers without a sign."""


def overlay(image: Array, values: Array, signed: bool) -> Array:
    """An image (C, H, W) uint8 with one or three channels, dimmed, and on it a map (H, W): the larger |value|, the less
    of the image can be seen. The largest |value| has the full colour."""
    base = DIM * np.broadcast_to(image, (3, *image.shape[1:])).astype(float)
    most = float(np.abs(values).max(initial=0)) or 1.0
    share = np.clip(np.abs(values) / most, 0, 1)
    color = np.where(values < 0, _tone(NEGATIVE), _tone(POSITIVE)) if signed else _tone(STRONG)
    mixed: Array = np.rint(base * (1 - share) + color * share).astype(np.uint8)
    return mixed


def grey(values: Array) -> Array:
    """Numbers (C, H, W) from 0 to 1 -> uint8."""
    levels: Array = np.rint(255 * np.clip(values, 0, 1)).astype(np.uint8)
    return levels


def _tone(color: tuple[int, int, int]) -> Array:
    return np.array(color, float)[:, None, None]
