"""One-dimensional signals: convolution and correlation, delta, step, echo."""

from numpy.typing import ArrayLike

from core.arrays import Array
from core.demos.signals import convolution_1d


__all__ = ["convolve_1d", "correlate_1d", "delta", "echo_kernel", "step_signal"]

delta = convolution_1d.delta
step_signal = convolution_1d.step
echo_kernel = convolution_1d.impulse_response


def convolve_1d(signal: ArrayLike, kernel: ArrayLike, mode: convolution_1d.Mode = "full") -> Array:
    """The convolution y[n] = sum of w[m] x[n-m]; `mode` is "full", "same", "valid" or "wrap"."""
    return convolution_1d.slide_line(signal, kernel, mode, True).result


def correlate_1d(signal: ArrayLike, kernel: ArrayLike, mode: convolution_1d.Mode = "valid") -> Array:
    """The correlation y[n] = sum of w[m] x[n+m]: the kernel is not flipped."""
    return convolution_1d.slide_line(signal, kernel, mode, False).result
