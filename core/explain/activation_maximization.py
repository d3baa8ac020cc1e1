"""Images that a network likes: the input goes uphill until an output is as large as it gets."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter

from core.arrays import Array
from core.backend import Model


@dataclass(frozen=True)
class Ascent:
    """x <- x + rate * g / rms(g), then x <- (1 - decay) * x, and every `every` steps a Gaussian blur; pixels are kept
    within 0 to 1. Decay and blur as in Yosinski et al. 2015, "Understanding neural networks through deep visualization",
    section 3."""

    learning_rate: float = 0.02
    decay: float = 0.0
    blur: float = 0.0
    """Standard deviation in pixels; 0: none."""
    every: int = 4


def ascend(model: Model, start: Array, wanted: Array, settings: Ascent, steps: int) -> Iterator[Array]:
    """The images (N, C, H, W) after each step; image n climbs sum(wanted[n] * outputs[n]), wanted (N, outputs)."""
    x = np.asarray(start)
    for step in range(1, steps + 1):
        gradient = model.gradients(x, wanted.astype(x.dtype)).input
        size = np.sqrt((gradient**2).mean(axis=(1, 2, 3), keepdims=True))
        x = (1 - settings.decay) * (x + settings.learning_rate * gradient / np.maximum(size, np.finfo(x.dtype).tiny))
        if settings.blur and step % settings.every == 0:
            x = gaussian_filter(x, (0, 0, settings.blur, settings.blur))
        x = np.clip(x, 0, 1).astype(start.dtype)
        yield x


def variation(image: Array) -> float:
    """Total variation a neighbour: the mean of |difference| over all pairs of pixels side by side or one below the other.
    (H, W)."""
    down, right = np.abs(np.diff(image, axis=0)), np.abs(np.diff(image, axis=1))
    return float((down.sum() + right.sum()) / (down.size + right.size))
