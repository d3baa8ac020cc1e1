"""Penalties, batch norm, dropout and early stopping, on small numbers and on recorded runs."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from core.arrays import Array
from core.demos.learning.batch_norm_steps import normalised
from core.demos.learning.dropout_masks import hidden
from core.demos.learning.overfitting import overfit
from core.numerics import penalties
from core.recipe.penalties import Penalty
from core.recordings.epochs import best_epoch
from core.recordings.recording import FOLDER
from core.recordings.run import read


__all__ = [
    "batch_normed", "dropout_mean", "penalty_of", "penalty_slope", "recorded_best_epoch", "recorded_epochs",
    "sinusoid_best", "sinusoid_error", "together",
]  # fmt: skip


def penalty_of(weights: ArrayLike, l2: float = 0.0, l1: float = 0.0) -> float:
    """The penalty: l2 / 2 * the sum of squares + l1 * the sum of absolute values."""
    return float(penalties.cost(np.asarray(weights, np.float64), Penalty(l2=l2, l1=l1)))


def penalty_slope(weights: ArrayLike, l2: float = 0.0, l1: float = 0.0) -> Any:
    """The gradient of the penalty with respect to the weights."""
    return penalties.gradient(np.asarray(weights, np.float64), Penalty(l2=l2, l1=l1))


def batch_normed(values: ArrayLike, gamma: float = 1.0, beta: float = 0.0, epsilon: float = 0.0) -> Array:
    """The values of one channel after batch norm."""
    return normalised(values, gamma, beta, epsilon).y


def dropout_mean(rate: float) -> float:
    """The sum of fifty hidden activations, averaged over twelve real masks, divided by the sum without dropout."""
    result = hidden(rate)
    return result.mean / result.sum


def sinusoid_best(units: int = 20, points: int = 10) -> int:
    """The step at which the network on the noisy sine had the lowest validation error."""
    result = overfit(units, points)
    return int(result.steps[result.best])


def sinusoid_error(part: str, when: str = "end", units: int = 20, points: int = 10) -> float:
    """The "training" or "validation" mean squared error on the noisy sine, at the "end" or at the "best" step."""
    result = overfit(units, points)
    return float(getattr(result, part)[result.best if when == "best" else -1])


def recorded_best_epoch(name: str) -> int:
    """The epoch of a recorded run with the lowest validation loss."""
    return best_epoch(read(FOLDER / f"{name}.json"))


def recorded_epochs(name: str) -> int:
    """How many epochs a recorded run trained."""
    return len(read(FOLDER / f"{name}.json").epochs)


def together(*values: float) -> list[float]:
    """The numbers as a list; two lists can be joined with +."""
    return [float(value) for value in values]
