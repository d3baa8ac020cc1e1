"""What a guesser gets who never looks at an image: an accuracy means little without these beside it."""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.numerics import losses
from core.ratio import ratio


@dataclass(frozen=True)
class Baselines:
    """Expected accuracies."""

    uniform: float
    """Every class equally often: 1/K."""
    majority: float
    """Always the class that was the most frequent in training."""
    prior: float
    """Each class as often as it was in training."""


def baselines(counts: Array, training: Array | None = None) -> Baselines:
    """`counts` (K,) of the images that are judged, `training` (K,) of those the guesser has seen (the same, if not
    given)."""
    seen = counts if training is None else training
    here, there = ratio(counts, np.sum(counts)), ratio(seen, np.sum(seen))
    return Baselines(1 / len(counts), float(here[np.argmax(seen)]), float(here @ there))


def guesses(training: Array) -> dict[str, Array]:
    """By field of Baselines: how often that guesser says each class, (K,) shares, having seen `training` (K,) images. The
    outer product of the counts that are judged and these shares is the confusion matrix to be expected."""
    classes = len(training)
    return {
        "uniform": np.full(classes, 1 / classes),
        "majority": np.eye(classes)[np.argmax(training)],
        "prior": ratio(training, np.sum(training)),
    }


def imbalance(counts: Array) -> float:
    """The most frequent class to the rarest one that occurs."""
    occurring = counts[counts > 0]
    return float(occurring.max() / occurring.min()) if len(occurring) else np.nan


def uniform_loss(classes: int, loss) -> float:
    """Of saying the same of every class, 1/K; ln K where the loss is cross-entropy."""
    return float(losses.reported_losses(loss, losses.uniform_outputs(loss, classes), np.array([0]))[0])
