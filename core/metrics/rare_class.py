"""The scores that tell what became of a rare class, and at whose expense."""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.metrics.confusion import accuracy, balanced_accuracy, class_scores, macro


@dataclass(frozen=True)
class RareScores:
    """One number each; NaN where there is nothing to divide by."""

    recall: float
    """Of the rare class."""
    precision: float
    """Of the rare class."""
    balanced: float
    """Balanced accuracy: the mean recall of all classes."""
    accuracy: float
    macro_f1: float


def rare_scores(matrix: Array, rare: int) -> RareScores:
    """Of counts (K, K), rows the truth, with class number `rare` looked at."""
    scores = class_scores(matrix)
    return RareScores(
        float(scores.recall[rare]),
        float(scores.precision[rare]),
        balanced_accuracy(matrix),
        accuracy(matrix),
        macro(matrix).f1,
    )


def rarest(counts: Array) -> int:
    """Of counts (K,) the class that occurs and has the fewest, the first of equals."""
    return int(np.argmin(np.where(counts > 0, counts, np.iinfo(np.int64).max)))


def always(counts: Array, said: int) -> Array:
    """The confusion matrix (K, K) of a guesser who says `said` of every image; `counts` (K,) of the truth."""
    matrix = np.zeros((len(counts), len(counts)), dtype=np.int64)
    matrix[:, said] = counts
    return matrix
