"""How good a classifier is: the four counts, what is read from them, curves over thresholds, guessers."""

import numpy as np

from core.metrics import baselines, confusion, roc_pr, threshold
from core.metrics.prevalence import screened


__all__ = [
    "average_precision", "case_counts", "class_score", "guess_accuracy", "imbalance_ratio",
    "outcome_score", "roc_area", "roc_points", "score_average", "screening_counts",
]  # fmt: skip


def case_counts(truth, scores, at: float) -> list[float]:
    """[TP, FN, FP, TN] of cases with 0/1 in `truth`, where a score at or above the threshold says yes."""
    outcome = threshold.outcome(np.asarray(truth, bool), np.asarray(scores, float), at)
    return [outcome.tp, outcome.fn, outcome.fp, outcome.tn]


def screening_counts(people: float, prevalence: float, sensitivity: float, specificity: float) -> list[float]:
    """[TP, FN, FP, TN] to be expected."""
    screening = screened(people, prevalence, sensitivity, specificity)
    return [screening.tp, screening.fn, screening.fp, screening.tn]


def outcome_score(counts, what: str) -> float:
    """Of [TP, FN, FP, TN]: "accuracy", "recall", "specificity", "precision", "f1", "balanced_accuracy" or
    "false_positive_rate"."""
    return getattr(threshold.Outcome(*counts), what)


def roc_area(truth, scores) -> float:
    """The area below the ROC curve."""
    return roc_pr.roc(np.asarray(truth, bool), np.asarray(scores, float)).area


def roc_points(truth, scores):
    """(points, 2): false and true positive rate, thresholds falling."""
    curve = roc_pr.roc(np.asarray(truth, bool), np.asarray(scores, float))
    return np.stack([curve.false_positive_rate, curve.true_positive_rate], axis=1)


def average_precision(truth, scores) -> float:
    """The precision-recall curve as one number."""
    return roc_pr.precision_recall(np.asarray(truth, bool), np.asarray(scores, float)).average_precision


def class_score(matrix, label: int, what: str) -> float:
    """ "precision", "recall", "specificity", "f1" or "support" of one class of a confusion matrix (rows the truth)."""
    return float(getattr(confusion.class_scores(np.asarray(matrix)), what)[label])


def score_average(matrix, how: str, what: str = "f1") -> float:
    """ "macro", "micro" or "weighted" average of "precision", "recall" or "f1"; "accuracy" and "balanced" stand alone."""
    counts = np.asarray(matrix)
    if how in ("accuracy", "balanced"):
        return confusion.accuracy(counts) if how == "accuracy" else confusion.balanced_accuracy(counts)
    return getattr(
        {"macro": confusion.macro, "micro": confusion.micro, "weighted": confusion.weighted}[how](counts), what
    )


def guess_accuracy(counts, how: str) -> float:
    """What a guesser gets who never looks: "uniform", "majority" or "prior"."""
    return getattr(baselines.baselines(np.asarray(counts)), how)


def imbalance_ratio(counts) -> float:
    """The most frequent class to the rarest."""
    return baselines.imbalance(np.asarray(counts))
