"""Signals along one line: convolution and correlation, delta, step, echo."""

from core.maths import signals


__all__ = ["convolve_1d", "correlate_1d", "delta", "echo_kernel", "step_signal"]

delta = signals.delta
step_signal = signals.step
echo_kernel = signals.impulse_response


def convolve_1d(signal, kernel, mode="full"):
    """y[n] = sum of w[m] x[n-m]; "full", "same", "valid" or "wrap"."""
    return signals.slide_line(signal, kernel, mode, True).result


def correlate_1d(signal, kernel, mode="valid"):
    """y[n] = sum of w[m] x[n+m]: no flip."""
    return signals.slide_line(signal, kernel, mode, False).result
