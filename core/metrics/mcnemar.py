"""Do two networks differ on the same images by more than chance? McNemar's exact test."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest

from core.arrays import Array


LEVEL = 0.05
"""A difference that chance produces less often than this is larger than chance."""


@dataclass(frozen=True)
class McNemar:
    """Two networks, compared on the images on which only one of them is right."""

    only_first: int
    """The number of images that only the first one classifies correctly."""
    only_second: int
    p: float
    """How often fair coins divide these images at least as unevenly (McNemar 1947, with the exact binomial
    distribution)."""

    @property
    def larger_than_chance(self) -> bool:
        return self.p < LEVEL


def mcnemar(first: Array, second: Array) -> McNemar:
    """`first` and `second` (N,) bool: whether each network is right on each of the same images."""
    only_first, only_second = int(np.sum(first & ~second)), int(np.sum(~first & second))
    either = only_first + only_second
    p = float(binomtest(only_first, either, 0.5).pvalue) if either else 1.0
    return McNemar(only_first, only_second, p)
