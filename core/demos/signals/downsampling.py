"""Sound as a row of numbers, and what is left of it when only every second number is kept."""

from typing import Literal

import numpy as np

from core.arrays import Array


Keeping = Literal["skip", "average", "max"]


def tone(hertz: float, seconds: float, rate: int) -> Array:
    """sin(2 pi f t) at t = 0, 1/rate, 2/rate, ...: (seconds * rate,)"""
    return np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)


def halved(samples, keeping: Keeping = "skip") -> Array:
    """(N,) -> (N // 2,): of every two neighbours the first, their mean, or the larger one."""
    pairs = np.asarray(samples, np.float64)
    pairs = pairs[: len(pairs) // 2 * 2].reshape(-1, 2)
    return {"skip": pairs[:, 0], "average": pairs.mean(axis=1), "max": pairs.max(axis=1)}[keeping]


def highest(rate: float) -> float:
    """The highest tone that samples at this rate can carry: half the rate (Nyquist, Shannon)."""
    return rate / 2


def heard_as(hertz: float, rate: float) -> float:
    """The frequency that a tone has once sampled: beyond half the rate it folds back."""
    folded = hertz % rate
    return min(folded, rate - folded)


def loudness(samples) -> float:
    """The root of the mean square; a sine of height 1 has 0.707."""
    return float(np.sqrt(np.mean(np.square(samples))))
