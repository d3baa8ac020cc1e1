"""A strip of images to choose one from, by pointer or arrow keys."""

import base64

import numpy as np

from core.arrays import Array
from pages.ui.component import component


_STRIP = component(__file__)


def image_strip(label: str, images: Array, names: list[str], chosen: int, key: str) -> int:
    """Images (N, C, H, W) uint8 with one or three channels -> the index of the chosen one."""
    data = {
        "label": label,
        "shape": images.shape,
        "bytes": base64.b64encode(np.ascontiguousarray(images).tobytes()).decode(),
        "names": names,
        "chosen": chosen,
    }
    picked = _STRIP(key=key, data=data, default={"chosen": chosen}, on_chosen_change=lambda: None).chosen
    return picked if isinstance(picked, int) and 0 <= picked < len(images) else chosen
