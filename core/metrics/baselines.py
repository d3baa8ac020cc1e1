"""Baselines: the accuracy of guessing without looking at the images. Compare every accuracy with these."""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.numerics import losses
from core.ratio import ratio
from core.recipe.losses import Loss


@dataclass(frozen=True)
class Baselines:
    """Expected accuracies."""

    uniform: float
    """Guessing every class equally often: 1/K."""
    majority: float
    """Always answering with the most frequent class of the training set."""
    prior: float
    """Guessing each class as often as it occurs in the training set."""


def baselines(counts: Array, training: Array | None = None) -> Baselines:
    """The baselines for test images with class counts `counts` (K,) and a training set with counts `training` (K,),
    which by default are the same."""
    training = counts if training is None else training
    test_shares, training_shares = ratio(counts, np.sum(counts)), ratio(training, np.sum(training))
    return Baselines(1 / len(counts), float(test_shares[np.argmax(training)]), float(test_shares @ training_shares))


def guesses(training: Array) -> dict[str, Array]:
    """{field of Baselines: how often that baseline answers with each class, as shares (K,)}, for training counts (K,).

    The outer product of the test counts and these shares is the expected confusion matrix.
    """
    classes = len(training)
    return {
        "uniform": np.full(classes, 1 / classes),
        "majority": np.eye(classes)[np.argmax(training)],
        "prior": ratio(training, np.sum(training)),
    }


def imbalance(counts: Array) -> float:
    """The number of images in the most frequent class divided by that in the rarest class that occurs."""
    occurring = counts[counts > 0]
    return float(occurring.max() / occurring.min()) if len(occurring) else np.nan


def uniform_loss(classes: int, loss: Loss) -> float:
    """The loss of giving every class the probability 1/K: ln K for cross-entropy."""
    return float(losses.reported_losses(loss, losses.uniform_outputs(loss, classes), np.array([0]))[0])
