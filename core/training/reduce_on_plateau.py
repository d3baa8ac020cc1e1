"""Reduce on plateau: lower the learning rate when the validation loss has stopped falling."""

import math
from collections.abc import Sequence

import numpy as np

from core.arrays import Array
from core.recipe.schedules import ReduceOnPlateau, rate


def shares(schedule: ReduceOnPlateau, validation_losses: Sequence[float]) -> Array:
    """(len(validation_losses) + 1,) the factor that multiplies the learning rate in each epoch, given the validation
    losses after the epochs before it; the last entry is for the next epoch. After `patience` epochs in a row without a
    new low, the factor is multiplied by `schedule.factor`."""
    result, lowest, waited = [1.0], math.inf, 0
    for loss in validation_losses:
        waited = 0 if loss < lowest else waited + 1
        lowest = min(lowest, loss)
        falls = waited >= schedule.patience
        result.append(max(result[-1] * schedule.factor, schedule.lowest) if falls else result[-1])
        waited = 0 if falls else waited
    return np.array(result)


def rates(
    schedule: ReduceOnPlateau, base: float, validation_losses: Sequence[float], per_epoch: int, warmup_steps: int = 0
) -> Array:
    """(len(validation_losses) * per_epoch,) the learning rate of each step of a run with these validation losses."""
    steps = np.arange(1, len(validation_losses) * per_epoch + 1)
    factors = shares(schedule, validation_losses)[(steps - 1) // per_epoch]
    return rate(schedule, base, steps, len(steps), warmup_steps) * factors


def falls(schedule: ReduceOnPlateau, validation_losses: Sequence[float]) -> Array:
    """The indices in `validation_losses` after which the learning rate falls."""
    return np.flatnonzero(np.diff(shares(schedule, validation_losses)))
