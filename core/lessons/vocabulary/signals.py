"""Signals along one line: convolution and correlation, delta, step, echo."""

from core.demos.signals import convolution_1d


__all__ = ["convolve_1d", "correlate_1d", "delta", "echo_kernel", "step_signal"]

delta = convolution_1d.delta
step_signal = convolution_1d.step
echo_kernel = convolution_1d.impulse_response


def convolve_1d(signal, kernel, mode="full"):
    """y[n] = sum of w[m] x[n-m]; "full", "same", "valid" or "wrap"."""
    return convolution_1d.slide_line(signal, kernel, mode, True).result


def correlate_1d(signal, kernel, mode="valid"):
    """y[n] = sum of w[m] x[n+m]: no flip."""
    return convolution_1d.slide_line(signal, kernel, mode, False).result
