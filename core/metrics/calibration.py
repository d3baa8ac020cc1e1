"""Calibration: of the answers given with 80 % confidence, 80 % should be right."""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.ratio import ratio


@dataclass(frozen=True, eq=False)
class Reliability:
    """One entry (B,) per confidence bin; means are NaN in empty bins."""

    low: Array
    high: Array
    counts: Array
    confidence: Array
    accuracy: Array

    @property
    def expected_error(self) -> float:
        """Expected calibration error: |accuracy - confidence|, weighted by the number of answers in each bin (Guo
        et al. 2017, eq. 3)."""
        gaps = np.nan_to_num(np.abs(self.accuracy - self.confidence))
        return float(ratio(gaps @ self.counts, self.counts.sum()))


def reliability(confidence: Array, right: Array, bins: int = 10) -> Reliability:
    """Confidence (N,) in [0, 1] and whether the answer is right (N,) bool, in bins (low, high] of equal width; 0
    belongs to the first bin."""
    edges = np.linspace(0, 1, bins + 1)
    bin_index = np.searchsorted(edges[1:-1], confidence)
    counts = np.bincount(bin_index, minlength=bins)
    return Reliability(
        edges[:-1],
        edges[1:],
        counts,
        ratio(np.bincount(bin_index, confidence, bins), counts),
        ratio(np.bincount(bin_index, right, bins), counts),
    )
