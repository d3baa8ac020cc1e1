"""Rare classes: how many there are, what guessers get, what weights and repeats make of them."""

import numpy as np

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
"""Of FER2013, in the order angry, disgust, fear, happy, sad, surprise, neutral; its public test validates, its private
one tests."""
RARE_EIGHT = FOLDER / "measured" / "rare-eight.json"
"""Six remedies, three seeds, and of each training the scores in this order."""
SCORES = ("recall", "precision", "balanced", "accuracy", "macro_f1")
KINDS: dict[str, Balance] = {"none": NoBalance(), "undersample": Undersample(), "oversample": Oversample()}


def face_counts(part: str = "all"):
    """(7,) faces of each expression in FER2013: "all", "train", "validation" or "test"."""
    return np.array(PARTS[part])


def rarity(counts) -> float:
    """The most frequent class to the rarest."""
    return imbalance(np.asarray(counts))


def class_weights(counts):
    """(K,) factors N / (K n_k) of balanced class weights."""
    return balanced(np.asarray(counts))


def repeats(counts):
    """(K,) how often an image of each class comes when all are repeated up to the largest class."""
    return repetitions(np.asarray(counts))


def per_class_after(counts, remedy: str):
    """(K,) images of each class that train after "undersample", "oversample" or "none"."""
    return counts_after(KINDS[remedy], np.asarray(counts))


def guessed_right(counts, how: str) -> float:
    """The share that a guesser gets who never looks: "uniform", "majority" or "prior"."""
    return getattr(baselines(np.asarray(counts)), how)


def always_says(counts, said: int, rare: int, score: str) -> float:
    """ "accuracy", "recall" (of the rare class) or "balanced" accuracy of one who always says class `said`."""
    return getattr(rare_scores(always(np.asarray(counts), said), rare), score)


def constant_loss(said, share: float, weight: float = 1.0):
    """Mean cross-entropy of saying the probability `said` of the rare class to every image, where it has `share` of
    them and each of its images counts `weight` times (the mean is over all weights)."""
    said = np.asarray(said, float)
    rare, common = weight * share, 1 - share
    return -(rare * np.log(said) + common * np.log(1 - said)) / (rare + common)


def rare_eight(score: str):
    """(6,) the recorded "recall", "precision" or "balanced" accuracy, ... of the rare 8, the mean over the seeds: no remedy,
    undersampled, repeated, weighted, repeated with noise, repeated and shifted."""
    return np.array(read(RARE_EIGHT).numbers["scores"]).mean(axis=1)[:, SCORES.index(score)]


def clouds_moved(strengths, score: str):
    """Logistic regression on 1,000 points against 100, without a remedy, its threshold moved afterwards by each of the
    strengths: "recall" and "precision" of the rare class, or "accuracy", with the shares of training."""
    moved = thresholds_moved(Clouds(), np.asarray(strengths, float))
    return getattr(moved, score)
