"""Rare classes: how rare they are, what a baseline achieves, and the effect of class weights and repeated images."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from core.arrays import Array
from core.data.preparation.class_resampling import Balance, NoBalance, Oversample, Undersample, counts_after
from core.data.sources.faces import COUNTS
from core.demos.learning.resampling_simulation import Clouds, thresholds_moved
from core.metrics.baselines import baselines, imbalance
from core.metrics.rare_class import always, rare_scores
from core.recipe.class_weights import balanced, repetitions
from core.recordings.recording import FOLDER
from core.recordings.tables import read


__all__ = [
    "always_says", "class_weights", "clouds_moved", "constant_loss", "face_counts", "guessed_right", "per_class_after",
    "rare_eight", "rarity", "repeats",
]  # fmt: skip

PARTS = {
    "all": COUNTS,
    "train": (3995, 436, 4097, 7215, 4830, 3171, 4965),
    "validation": (467, 56, 496, 895, 653, 415, 607),
    "test": (491, 55, 528, 879, 594, 416, 626),
}
"""Faces in FER2013 by part, in the order angry, disgust, fear, happy, sad, surprise, neutral.

Its public test set is the validation part, its private test set the test part.
"""
RARE_EIGHT = FOLDER / "measured" / "rare-eight.json"
"""Six remedies, three seeds, and for each training the scores in the order of SCORES."""
SCORES = ("recall", "precision", "balanced", "accuracy", "macro_f1")
KINDS: dict[str, Balance] = {"none": NoBalance(), "undersample": Undersample(), "oversample": Oversample()}


def face_counts(part: str = "all") -> Array:
    """(7,): how many faces show each expression in FER2013; `part` is "all", "train", "validation" or "test"."""
    return np.array(PARTS[part])


def rarity(counts: ArrayLike) -> float:
    """The size of the most frequent class divided by that of the rarest."""
    return imbalance(np.asarray(counts))


def class_weights(counts: ArrayLike) -> Array:
    """(K,): the balanced class weights N / (K n_k)."""
    return balanced(np.asarray(counts))


def repeats(counts: ArrayLike) -> Array:
    """(K,): how often each image of a class occurs when all classes are repeated up to the size of the largest."""
    return repetitions(np.asarray(counts))


def per_class_after(counts: ArrayLike, remedy: str) -> Array:
    """(K,): the number of training images per class after "undersample", "oversample" or "none"."""
    return counts_after(KINDS[remedy], np.asarray(counts))


def guessed_right(counts: ArrayLike, how: str) -> float:
    """The baseline accuracy of guessing without seeing the image; `how` is "uniform", "majority" or "prior"."""
    return float(getattr(baselines(np.asarray(counts)), how))


def always_says(counts: ArrayLike, said: int, rare: int, score: str) -> float:
    """The score of always predicting class `said`: "accuracy", "balanced" accuracy or "recall" of class `rare`."""
    return float(getattr(rare_scores(always(np.asarray(counts), said), rare), score))


def constant_loss(said: ArrayLike, share: float, weight: float = 1.0) -> Any:
    """The mean cross-entropy of predicting the same probability `said` of the rare class for every image.

    The rare class makes up `share` of the images, and each of its images counts `weight` times; the mean is weighted.
    """
    said = np.asarray(said, float)
    rare, common = weight * share, 1 - share
    return -(rare * np.log(said) + common * np.log(1 - said)) / (rare + common)


def rare_eight(score: str) -> Array:
    """(6,): a recorded score of the rare digit 8, averaged over the seeds; `score` is one of SCORES.

    The remedies are: none, undersampled, repeated, weighted, repeated with noise, repeated and shifted.
    """
    return np.asarray(np.array(read(RARE_EIGHT).numbers["scores"]).mean(axis=1)[:, SCORES.index(score)])


def clouds_moved(strengths: ArrayLike, score: str) -> Array:
    """(strengths,): a score of logistic regression on 1,000 points against 100, its threshold moved by each strength.

    `score` is "recall" or "precision" of the rare class, or "accuracy", with the class shares of the training set.
    """
    moved = thresholds_moved(Clouds(), np.asarray(strengths, float))
    return np.asarray(getattr(moved, score))
