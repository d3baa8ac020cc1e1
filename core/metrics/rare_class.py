"""The scores that show how well a rare class is recognised, and what that costs the other classes."""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.metrics.confusion import accuracy, balanced_accuracy, class_scores, macro


@dataclass(frozen=True)
class RareScores:
    """Scores of one confusion matrix; NaN if a score is 0/0."""

    recall: float
    """Of the rare class."""
    precision: float
    """Of the rare class."""
    balanced: float
    """Balanced accuracy: the mean recall of all classes."""
    accuracy: float
    macro_f1: float


def rare_scores(matrix: Array, rare: int) -> RareScores:
    """The scores of counts (K, K), whose rows are the truth, for class number `rare`."""
    scores = class_scores(matrix)
    return RareScores(
        float(scores.recall[rare]),
        float(scores.precision[rare]),
        balanced_accuracy(matrix),
        accuracy(matrix),
        macro(matrix).f1,
    )


def rarest(counts: Array) -> int:
    """The class with the fewest images among those that occur, given counts (K,); of equal ones, the first."""
    return int(np.argmin(np.where(counts > 0, counts, np.iinfo(np.int64).max)))


def always(counts: Array, answer: int) -> Array:
    """The confusion matrix (K, K) of always answering `answer`; `counts` (K,) are those of the true classes."""
    matrix = np.zeros((len(counts), len(counts)), dtype=np.int64)
    matrix[:, answer] = counts
    return matrix
