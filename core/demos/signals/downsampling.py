"""Sound as a row of samples, and what remains of it when only every second sample is kept."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from core.arrays import Array


Keeping = Literal["skip", "average", "max"]


def tone(hertz: float, seconds: float, rate: int) -> Array:
    """sin(2 pi f t) at t = 0, 1/rate, 2/rate, ...: (seconds * rate,)"""
    return np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)


def halved(samples: ArrayLike, keeping: Keeping = "skip") -> Array:
    """(N,) -> (N // 2,): from every pair of neighbours the first, their mean, or the larger one."""
    x = np.asarray(samples, np.float64)
    pairs = x[: len(x) // 2 * 2].reshape(-1, 2)
    result: dict[Keeping, Array] = {"skip": pairs[:, 0], "average": pairs.mean(axis=1), "max": pairs.max(axis=1)}
    return result[keeping]


def highest(rate: float) -> float:
    """The highest frequency that samples at this rate can represent: half the rate (Nyquist, Shannon)."""
    return rate / 2


def heard_as(hertz: float, rate: float) -> float:
    """The frequency that a tone has after sampling: above half the rate it folds back (aliasing)."""
    folded = hertz % rate
    return min(folded, rate - folded)


def loudness(samples: ArrayLike) -> float:
    """The root mean square; 0.707 for a sine of amplitude 1."""
    return float(np.sqrt(np.mean(np.square(samples))))
