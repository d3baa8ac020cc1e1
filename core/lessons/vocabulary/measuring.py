"""How good a classifier is: the four counts, scores computed from them, curves over thresholds, baselines."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

from core.arrays import Array
from core.metrics import baselines, confusion, roc_pr, threshold
from core.metrics.prevalence import screened


__all__ = [
    "average_precision", "case_counts", "class_score", "guess_accuracy", "imbalance_ratio",
    "outcome_score", "roc_area", "roc_points", "score_average", "screening_counts",
]  # fmt: skip


def case_counts(truth: ArrayLike, scores: ArrayLike, at: float) -> list[float]:
    """[TP, FN, FP, TN] of cases whose `truth` is 0 or 1; a score of at least the threshold `at` counts as a yes."""
    outcome = threshold.outcome(np.asarray(truth, bool), np.asarray(scores, float), at)
    return [outcome.tp, outcome.fn, outcome.fp, outcome.tn]


def screening_counts(people: float, prevalence: float, sensitivity: float, specificity: float) -> list[float]:
    """The expected [TP, FN, FP, TN] of a screening test."""
    screening = screened(people, prevalence, sensitivity, specificity)
    return [screening.tp, screening.fn, screening.fp, screening.tn]


def outcome_score(counts: Iterable[float], what: str) -> float:
    """One score computed from [TP, FN, FP, TN].

    `what` is "accuracy", "recall", "specificity", "precision", "f1", "balanced_accuracy" or "false_positive_rate".
    """
    return float(getattr(threshold.Outcome(*counts), what))


def roc_area(truth: ArrayLike, scores: ArrayLike) -> float:
    """The area under the ROC curve."""
    return roc_pr.roc(np.asarray(truth, bool), np.asarray(scores, float)).area


def roc_points(truth: ArrayLike, scores: ArrayLike) -> Array:
    """(points, 2): false and true positive rate, from the highest threshold to the lowest."""
    curve = roc_pr.roc(np.asarray(truth, bool), np.asarray(scores, float))
    return np.stack([curve.false_positive_rate, curve.true_positive_rate], axis=1)


def average_precision(truth: ArrayLike, scores: ArrayLike) -> float:
    """The average precision: the precision-recall curve summarised as one number."""
    return roc_pr.precision_recall(np.asarray(truth, bool), np.asarray(scores, float)).average_precision


def class_score(matrix: ArrayLike, label: int, what: str) -> float:
    """One score of one class of a confusion matrix, whose rows are the true classes.

    `what` is "precision", "recall", "specificity", "f1" or "support".
    """
    return float(getattr(confusion.class_scores(np.asarray(matrix)), what)[label])


def score_average(matrix: ArrayLike, how: str, what: str = "f1") -> float:
    """The "macro", "micro" or "weighted" average of "precision", "recall" or "f1" over the classes.

    `how` may also be "accuracy" or "balanced"; `what` is then ignored.
    """
    counts = np.asarray(matrix)
    if how in ("accuracy", "balanced"):
        return confusion.accuracy(counts) if how == "accuracy" else confusion.balanced_accuracy(counts)
    averages = {"macro": confusion.macro, "micro": confusion.micro, "weighted": confusion.weighted}
    return float(getattr(averages[how](counts), what))


def guess_accuracy(counts: ArrayLike, how: str) -> float:
    """The baseline accuracy of guessing without seeing the image; `how` is "uniform", "majority" or "prior"."""
    return float(getattr(baselines.baselines(np.asarray(counts)), how))


def imbalance_ratio(counts: ArrayLike) -> float:
    """The size of the most frequent class divided by that of the rarest."""
    return baselines.imbalance(np.asarray(counts))
