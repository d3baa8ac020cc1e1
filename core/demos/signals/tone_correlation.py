"""Pure tones: making them, and finding them by correlating with a tone."""

import numpy as np

from core.arrays import Array


def tone(cycles: float, window: int, length: int | None = None) -> Array:
    """(length,) of sin(2 pi cycles t / window): so many cycles in a window of samples."""
    return np.sin(2 * np.pi * cycles * np.arange(window if length is None else length) / window)


def chord(low: float, high: float, window: int) -> Array:
    """Both tones at once, one window long."""
    return tone(low, window) + tone(high, window)


def melody(low: float, high: float, window: int, parts: int = 2) -> Array:
    """First one tone, then the other, each `parts` windows long."""
    length = parts * window
    return np.concatenate([tone(low, window, length), tone(high, window, length)])


def responses(signal, cycles: float, window: int) -> Array:
    """The correlation of a signal with a tone of one window, at each place where the window fits."""
    return np.correlate(np.asarray(signal, np.float64), tone(cycles, window), "valid")
