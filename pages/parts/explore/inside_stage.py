"""The stage of "Look inside": a card for each filter, histograms below, and one slider for the training step."""

import base64

import numpy as np

from core.arrays import Array
from pages.ui.component import component


_STAGE = component(__file__)


def inside_stage(key: str, noun: str, first: int, images: Array, sides: list[dict], step: int | None) -> None:
    """`noun`: "filter", "feature map" or "unit"; `first`: the number of the first one. `images` (N, C, H, W) uint8 are
    those of the patches; `sides`: one or two answers of `layer_over_time.over_time`; `step`: shown first (None: the
    last)."""
    data = {
        "noun": noun,
        "first": first,
        "step": step,
        "images": {
            "shape": images.shape,
            "bytes": base64.b64encode(np.ascontiguousarray(images).tobytes()).decode(),
        },
        "sides": sides,
    }
    _STAGE(key=key, data=data)
