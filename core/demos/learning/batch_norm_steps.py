"""Batch norm of the values of one channel, with every intermediate result."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from core.arrays import Array
from core.numerics import batch_norm


@dataclass(frozen=True)
class Normalised:
    mean: float
    deviation: float
    """The square root of variance + epsilon."""
    normal: Array
    """(N,) with mean 0 and standard deviation 1."""
    y: Array
    """gamma * normal + beta"""


def normalised(values: ArrayLike, gamma: float = 1.0, beta: float = 0.0, epsilon: float = 0.0) -> Normalised:
    """Normalise `values` (N,), one channel of a batch. Raises ValueError if all are equal and epsilon is 0."""
    x = np.asarray(values, np.float64)[:, None]
    mean, variance = batch_norm.moments(x)
    if variance[0] + epsilon == 0:
        raise ValueError("all numbers are equal, so their standard deviation is 0: make epsilon positive")
    normal, _ = batch_norm.from_batch(x, np.ones(1), np.zeros(1), epsilon)
    y, _ = batch_norm.from_batch(x, np.full(1, gamma), np.full(1, beta), epsilon)
    return Normalised(float(mean[0]), float(np.sqrt(variance[0] + epsilon)), normal[:, 0], y[:, 0])
