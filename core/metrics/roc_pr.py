"""One class against the rest over all thresholds: ROC and precision-recall, with the areas under them.

Thresholds fall from left to right. Equal scores pass a threshold together, so ties make a single point.
"""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.metrics.score_order import falling
from core.ratio import ratio


@dataclass(frozen=True, eq=False)
class Roc:
    """From (0, 0), where the threshold is infinite and nothing is accepted, to (1, 1)."""

    thresholds: Array
    false_positive_rate: Array
    true_positive_rate: Array

    @property
    def area(self) -> float:
        """AUC by the trapezoidal rule: the probability that a positive case scores higher than a negative one, a tie
        counting half. NaN without positives or without negatives."""
        return float(np.trapezoid(self.true_positive_rate, self.false_positive_rate))


@dataclass(frozen=True, eq=False)
class PrecisionRecall:
    """One point per threshold; recall rises."""

    thresholds: Array
    precision: Array
    recall: Array

    @property
    def average_precision(self) -> float:
        """Precision weighted by how much recall each threshold adds; without linear interpolation between the points,
        which would be too optimistic (Davis and Goadrich 2006). NaN without positives."""
        return float(np.sum(np.diff(self.recall, prepend=0.0) * self.precision))


def roc(positive: Array, scores: Array) -> Roc:
    """The ROC curve; `positive` (N,) bool says which cases are positive, `scores` (N,) rank them."""
    thresholds, tp, fp = _accepted(positive, scores)
    return Roc(
        np.r_[np.inf, thresholds],
        ratio(np.r_[0, fp], np.sum(~positive)),
        ratio(np.r_[0, tp], np.sum(positive)),
    )


def precision_recall(positive: Array, scores: Array) -> PrecisionRecall:
    thresholds, tp, fp = _accepted(positive, scores)
    return PrecisionRecall(thresholds, ratio(tp, tp + fp), ratio(tp, np.sum(positive)))


def _accepted(positive: Array, scores: Array) -> tuple[Array, Array, Array]:
    """Each distinct score, the largest first, with the numbers of positives and negatives at or above it."""
    order, ends = falling(scores)
    tp = np.cumsum(positive[order])[ends]
    return scores[order][ends], tp, ends + 1 - tp
