"""How alike two maps are: the same explanation by two backends, or before and after weights are randomised."""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array


@dataclass(frozen=True)
class Agreement:
    largest: float
    """The largest difference, as a share of the largest |value| of the first map."""
    correlation: float
    """Pearson's; 1 for equal maps, NaN if only one is constant."""


def agreement(first: Array, second: Array) -> Agreement:
    """Of two maps of the same shape."""
    difference = float(np.abs(first - second).max())
    most = float(np.abs(first).max())
    return Agreement(difference / most if most else difference, correlation(first, second))


def correlation(first: Array, second: Array) -> float:
    """Pearson's correlation over all cells; 1 for equal maps, NaN if one of two different maps is constant."""
    a, b = (np.asarray(values, float).ravel() for values in (first, second))
    if np.array_equal(a, b):
        return 1.0
    a, b = a - a.mean(), b - b.mean()
    scale = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float(a @ b) / scale if scale else float("nan")


def rank_correlation(first: Array, second: Array) -> float:
    """Spearman's: the correlation of the ranks; equal values share the mean of their ranks."""
    return correlation(_ranks(first), _ranks(second))


def _ranks(values: Array) -> Array:
    _, group, counts = np.unique(values.ravel(), return_inverse=True, return_counts=True)
    ranks: Array = (np.cumsum(counts) - (counts - 1) / 2)[group]
    return ranks
