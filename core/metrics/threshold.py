"""One class against the rest: a score at or above the threshold is a yes, so each case falls into one of four cells."""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.ratio import ratio


@dataclass(frozen=True)
class Outcome:
    """The four counts (or expected counts, which need not be whole) and the scores computed from them; NaN if a score
    is 0/0."""

    tp: float
    fn: float
    fp: float
    tn: float

    @property
    def accuracy(self) -> float:
        return float(ratio(self.tp + self.tn, self.tp + self.fn + self.fp + self.tn))

    @property
    def recall(self) -> float:
        """Also called sensitivity or true positive rate."""
        return float(ratio(self.tp, self.tp + self.fn))

    @property
    def specificity(self) -> float:
        return float(ratio(self.tn, self.tn + self.fp))

    @property
    def false_positive_rate(self) -> float:
        """1 - specificity."""
        return float(ratio(self.fp, self.tn + self.fp))

    @property
    def precision(self) -> float:
        return float(ratio(self.tp, self.tp + self.fp))

    @property
    def f1(self) -> float:
        return float(ratio(2 * self.tp, 2 * self.tp + self.fp + self.fn))

    @property
    def balanced_accuracy(self) -> float:
        return (self.recall + self.specificity) / 2


def outcome(positive: Array, scores: Array, threshold: float) -> Outcome:
    """The outcome at a threshold; `positive` (N,) bool says which cases are positive, `scores` (N,) rank them."""
    accepted = scores >= threshold
    return Outcome(
        tp=int(np.sum(positive & accepted)),
        fn=int(np.sum(positive & ~accepted)),
        fp=int(np.sum(~positive & accepted)),
        tn=int(np.sum(~positive & ~accepted)),
    )
