"""Hand-made filters, tones, and the two images that edges alone cannot tell apart."""

import numpy as np
from numpy.typing import ArrayLike

from core.arrays import Array
from core.demos.images import filters, sample_images
from core.demos.signals import tone_correlation


__all__ = [
    "city", "curve_filter", "edge", "gaussian", "gaussian_kept", "gaussian_line", "landscape", "lopsided_gaussian",
    "mean_kernel", "melody", "sobel", "tone", "tone_response", "two_tones",
]  # fmt: skip

city, landscape = sample_images.city, sample_images.landscape
edge, gaussian = filters.edge, filters.gaussian
gaussian_kept, gaussian_line = filters.gaussian_kept, filters.gaussian_line
mean_kernel, curve_filter, sobel = filters.mean, filters.CURVE, filters.SOBEL
tone, two_tones, melody = tone_correlation.tone, tone_correlation.chord, tone_correlation.melody


def lopsided_gaussian(size: int, sigma: float) -> Array:
    """A Gaussian with a bug: for the cells 1..size its centre is at size / 2, half a cell off."""
    weights = np.exp(-((np.arange(1, size + 1) - size / 2) ** 2) / sigma**2)
    return np.asarray(weights / weights.sum())


def tone_response(signal: ArrayLike, cycles: float, window: int) -> Array:
    """The correlation with a pure tone, one number for each position of the window."""
    return tone_correlation.responses(signal, cycles, window)
