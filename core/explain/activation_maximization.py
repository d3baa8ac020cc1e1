"""Activation maximisation: gradient ascent on the input image to make an output as large as possible."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter

from core.arrays import Array
from core.backend import Model


@dataclass(frozen=True)
class Ascent:
    """x <- x + learning_rate * g / rms(g), then x <- (1 - decay) * x, and every `every` steps a Gaussian blur; pixels
    are clipped to 0 ... 1. Decay and blur as in Yosinski et al. 2015, "Understanding neural networks through deep
    visualization", section 3."""

    learning_rate: float = 0.02
    decay: float = 0.0
    blur: float = 0.0
    """Standard deviation in pixels; 0 turns blurring off."""
    every: int = 4


def ascend(model: Model, start: Array, wanted: Array, settings: Ascent, steps: int) -> Iterator[Array]:
    """The images (N, C, H, W) after each step; image n increases sum(wanted[n] * outputs[n]), wanted (N, outputs)."""
    x = np.asarray(start)
    for step in range(1, steps + 1):
        gradient = model.gradients(x, wanted.astype(x.dtype)).input
        rms = np.sqrt((gradient**2).mean(axis=(1, 2, 3), keepdims=True))
        x = (1 - settings.decay) * (x + settings.learning_rate * gradient / np.maximum(rms, np.finfo(x.dtype).tiny))
        if settings.blur and step % settings.every == 0:
            x = gaussian_filter(x, (0, 0, settings.blur, settings.blur))
        x = np.clip(x, 0, 1).astype(start.dtype)
        yield x


def variation(image: Array) -> float:
    """Total variation per pair of neighbours: the mean of |difference| over all pairs of horizontally or vertically
    adjacent pixels of an image (H, W)."""
    down, right = np.abs(np.diff(image, axis=0)), np.abs(np.diff(image, axis=1))
    return float((down.sum() + right.sum()) / (down.size + right.size))
