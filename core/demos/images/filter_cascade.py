"""Two filters in a row: one finds edges, the next finds long vertical lines among them."""

import numpy as np
from numpy.typing import ArrayLike

from core.arrays import Array
from core.demos.images.convolution_2d import slide
from core.demos.images.filters import SOBEL, mean


STAGES = {"edges": SOBEL / 8, "lines": mean(9, 1)}
"""The kernel of each stage; the second slides over the feature map of the first."""


def through(image: ArrayLike, stage: str) -> tuple[Array, tuple[int, int]]:
    """The feature map after this stage, and its receptive field in rows and columns of the image."""
    result, seen = np.asarray(image, np.float64), (1, 1)
    for name, kernel in STAGES.items():
        result = slide(result, kernel).map
        seen = (seen[0] + kernel.shape[0] - 1, seen[1] + kernel.shape[1] - 1)
        if name == stage:
            return result, seen
    raise KeyError(stage)


def strength(image: ArrayLike) -> dict[str, float]:
    """One number for a whole image: how strong its edges are, and how strong its long vertical lines."""
    edges, lines = (through(image, stage)[0] for stage in STAGES)
    return {"mean |E|": float(np.abs(edges).mean()), "mean V²": float((lines**2).mean())}
