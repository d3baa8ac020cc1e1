"""Batch norm of the numbers of one channel, with everything on the way."""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.numerics import batch_norm


@dataclass(frozen=True)
class Normalised:
    mean: float
    deviation: float
    """The root of variance + epsilon."""
    normal: Array
    """(N,) with mean 0 and deviation 1."""
    y: Array
    """gamma * normal + beta"""


def normalised(values, gamma: float = 1.0, beta: float = 0.0, epsilon: float = 0.0) -> Normalised:
    """`values` (N,) are one channel of a batch. Where all are equal and epsilon is 0 there is no answer: ValueError."""
    x = np.asarray(values, np.float64)[:, None]
    mean, variance = batch_norm.moments(x)
    if variance[0] + epsilon == 0:
        raise ValueError("all numbers are equal, so their deviation is 0: give epsilon a positive value")
    one, nothing = np.ones(1), np.zeros(1)
    normal, _ = batch_norm.from_batch(x, one, nothing, epsilon)
    y, _ = batch_norm.from_batch(x, one * gamma, nothing + beta, epsilon)
    return Normalised(float(mean[0]), float(np.sqrt(variance[0] + epsilon)), normal[:, 0], y[:, 0])
