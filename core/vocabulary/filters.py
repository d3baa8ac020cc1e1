"""Filters made by hand, tones, and the two views that edges alone cannot tell apart."""

import numpy as np

from core.data import views
from core.maths import filters, tones


__all__ = ["city", "curve_filter", "edge", "gaussian", "gaussian_kept", "gaussian_line", "landscape", "lopsided_gaussian", "mean_kernel", "melody", "sobel", "tone", "tone_response", "two_tones"]  # fmt: skip

city, landscape = views.city, views.landscape
edge, gaussian, gaussian_kept, gaussian_line = (
    filters.edge,
    filters.gaussian,
    filters.gaussian_kept,
    filters.gaussian_line,
)
mean_kernel, curve_filter, sobel = filters.mean, filters.CURVE, filters.SOBEL
tone, two_tones, melody = tones.tone, tones.chord, tones.melody


def lopsided_gaussian(size, sigma):
    """A slip: the bell of cells 1..size with its centre at size / 2, half a cell off."""
    weights = np.exp(-((np.arange(1, size + 1) - size / 2) ** 2) / sigma**2)
    return weights / weights.sum()


def tone_response(signal, cycles, window):
    """Correlation with a pure tone, one number for each place of the window."""
    return tones.responses(signal, cycles, window)
