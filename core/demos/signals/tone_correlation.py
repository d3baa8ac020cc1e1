"""Pure tones: generating them, and detecting them by correlation with a tone."""

import numpy as np
from numpy.typing import ArrayLike

from core.arrays import Array


def tone(cycles: float, window: int, length: int | None = None) -> Array:
    """(length,) samples of sin(2 pi cycles t / window), which has `cycles` cycles per window."""
    return np.sin(2 * np.pi * cycles * np.arange(window if length is None else length) / window)


def chord(low: float, high: float, window: int) -> Array:
    """Both tones together, one window long."""
    return tone(low, window) + tone(high, window)


def melody(low: float, high: float, window: int, parts: int = 2) -> Array:
    """One tone after the other, each `parts` windows long."""
    length = parts * window
    return np.concatenate([tone(low, window, length), tone(high, window, length)])


def responses(signal: ArrayLike, cycles: float, window: int) -> Array:
    """The correlation of a signal with a tone one window long, at each position where the window fits."""
    return np.correlate(np.asarray(signal, np.float64), tone(cycles, window), "valid")
