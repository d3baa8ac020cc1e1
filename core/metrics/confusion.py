"""The confusion matrix, the scores of each class, and their averages over the classes.

Rows are the truth, columns the prediction, for K classes. TP, FN, FP and TN count one class against all the others.
"""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.ratio import ratio


@dataclass(frozen=True, eq=False)
class ClassScores:
    """One score (K,) per class; NaN if it is 0/0: the precision of a class that is never predicted, the recall of a
    class that never occurs."""

    precision: Array
    recall: Array
    specificity: Array
    f1: Array
    support: Array
    """The number of images of the class."""


@dataclass(frozen=True)
class Averages:
    """Scores averaged over all classes."""

    precision: float
    recall: float
    f1: float


def confusion(truth: Array, predicted: Array, classes: int) -> Array:
    """True and predicted labels, both (N,) -> counts (K, K) int64."""
    if len(truth) != len(predicted):
        raise ValueError(f"{len(truth)} true labels cannot be compared with {len(predicted)} predicted ones")
    return np.bincount(truth * classes + predicted, minlength=classes * classes).reshape(classes, classes)


def accuracy(matrix: Array) -> float:
    """The share on the diagonal."""
    return float(ratio(np.trace(matrix), matrix.sum()))


def class_scores(matrix: Array) -> ClassScores:
    tp, fn, fp, tn = outcomes(matrix)
    return ClassScores(
        precision=ratio(tp, tp + fp),
        recall=ratio(tp, tp + fn),
        specificity=ratio(tn, tn + fp),
        f1=ratio(2 * tp, 2 * tp + fp + fn),  # the harmonic mean of precision and recall, also where one of them is 0/0
        support=tp + fn,
    )


def outcomes(matrix: Array) -> tuple[Array, Array, Array, Array]:
    """TP, FN, FP and TN, each (K,)."""
    tp = np.diag(matrix)
    fn, fp = matrix.sum(axis=1) - tp, matrix.sum(axis=0) - tp
    return tp, fn, fp, matrix.sum() - tp - fn - fp


def macro(matrix: Array) -> Averages:
    """Every class has the same weight: the plain mean over the classes that occur or are predicted. 0/0 counts as 0, as
    with scikit-learn's zero_division=0."""
    return _mean(matrix, (matrix.sum(axis=0) + matrix.sum(axis=1) > 0).astype(float))


def weighted(matrix: Array) -> Averages:
    """Every image has the same weight: classes are weighted by how often they occur. 0/0 counts as 0."""
    return _mean(matrix, matrix.sum(axis=1).astype(float))


def micro(matrix: Array) -> Averages:
    """Sum the outcomes of all classes first, then divide. With one label per image, all three scores equal the
    accuracy."""
    tp, fn, fp, _ = (float(counts.sum()) for counts in outcomes(matrix))
    return Averages(float(ratio(tp, tp + fp)), float(ratio(tp, tp + fn)), float(ratio(2 * tp, 2 * tp + fp + fn)))


def balanced_accuracy(matrix: Array) -> float:
    """The mean recall of the classes that occur: always guessing the same class gets 1/K, however common
    that class is."""
    recall = class_scores(matrix).recall
    occurring = recall[~np.isnan(recall)]
    return float(ratio(occurring.sum(), len(occurring)))


def _mean(matrix: Array, weights: Array) -> Averages:
    scores = class_scores(matrix)
    return Averages(
        *(
            float(ratio(np.nan_to_num(values) @ weights, weights.sum()))
            for values in (scores.precision, scores.recall, scores.f1)
        )
    )
