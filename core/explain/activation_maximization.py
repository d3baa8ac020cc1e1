"""Activation maximisation: gradient ascent on the input image to make an output as large as possible."""

from collections.abc import Iterator

import numpy as np
from pydantic import Field
from scipy.ndimage import gaussian_filter

from core.arrays import Array
from core.backend import Model
from core.random import generator
from core.spec import Spec


class Ascent(Spec):
    """x <- x + learning_rate * g / rms(g), then x <- (1 - decay) * x, and every `every` steps a Gaussian blur; pixels
    are clipped to 0 ... 1. Decay (the gradient step of an L2 penalty) and blur as in Yosinski et al. 2015,
    "Understanding neural networks through deep visualization", section 3; jitter as in Mordvintsev, Olah and Tyka 2015,
    "Inceptionism"."""

    learning_rate: float = Field(default=0.02, gt=0, le=10)
    decay: float = Field(default=0.0, ge=0, lt=1)
    blur: float = Field(default=0.0, ge=0, le=10)
    """Standard deviation in pixels; 0 turns blurring off."""
    every: int = Field(default=4, ge=1)
    jitter: int = Field(default=0, ge=0, le=16)
    """The gradient is taken of the image shifted by up to so many pixels, a new random shift each step."""
    draw: int = Field(default=0, ge=0)


REGULARISED = Ascent(decay=0.02, blur=0.6)
"""Decay and blur that leave smooth strokes; the settings of lesson 16."""


def ascend(
    model: Model,
    start: Array,
    wanted: Array,
    settings: Ascent,
    steps: int,
    low: Array | float = 0.0,
    high: Array | float = 1.0,
) -> Iterator[Array]:
    """The images (N, C, H, W), from 0 (black) to 1 (white), after each step; image n increases
    sum(wanted[n] * outputs[n]), wanted (N, outputs). The network reads low + x * (high - low)."""
    x, rng = np.asarray(start), generator(settings.draw, "jitter")
    scale = np.asarray(high, x.dtype) - np.asarray(low, x.dtype)
    for step in range(1, steps + 1):
        shift = rng.integers(-settings.jitter, settings.jitter + 1, 2) if settings.jitter else np.zeros(2, int)
        seen = (np.asarray(low, x.dtype) + scale * np.roll(x, shift, (2, 3))).astype(x.dtype)
        gradient = np.roll(scale * model.gradients(seen, wanted.astype(x.dtype)).input, -shift, (2, 3))
        rms = np.sqrt((gradient**2).mean(axis=(1, 2, 3), keepdims=True))
        x = (1 - settings.decay) * (x + settings.learning_rate * gradient / np.maximum(rms, np.finfo(x.dtype).tiny))
        if settings.blur and step % settings.every == 0:
            x = gaussian_filter(x, (0, 0, settings.blur, settings.blur))
        x = np.clip(x, 0, 1).astype(start.dtype)
        yield x


def variation(image: Array) -> float:
    """Total variation per pair of neighbours: the mean of |difference| over all pairs of horizontally or vertically
    adjacent pixels of an image (H, W), or of each channel of an image (C, H, W)."""
    down, right = np.abs(np.diff(image, axis=-2)), np.abs(np.diff(image, axis=-1))
    return float((down.sum() + right.sum()) / (down.size + right.size))
