"""Optimizers on one parameter, learning rate schedules, and when diverging numbers overflow."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from pydantic import TypeAdapter

from core.arrays import Array
from core.demos.learning import loss_surfaces
from core.demos.learning.optimizer_trace import follow, optimizer
from core.recipe import schedules


__all__ = [
    "grid_trainings",
    "optimizer_on_curve",
    "optimizer_steps",
    "rate_after",
    "steps_off_the_saddle",
    "steps_to_overflow",
    "valley_height",
]

_SCHEDULE: TypeAdapter[schedules.Schedule] = TypeAdapter(schedules.Schedule)


def optimizer_steps(kind: str, gradients: ArrayLike, rates: ArrayLike = 0.1, start: float = 1.0) -> Array:
    """The parameter after each of the given gradients; `rates` is one learning rate, or one per step."""
    slopes = np.asarray(gradients, np.float64)
    rates = np.broadcast_to(np.asarray(rates, np.float64), slopes.shape)
    rule = optimizer(kind, float(rates[0]))
    return np.array([step.after for step in follow(rule, lambda w, k: float(slopes[k]), rates, start)])


def optimizer_on_curve(kind: str, curvature: float, rate: float, steps: int, start: float = 1.0) -> Array:
    """The parameter after each step on f = curvature / 2 * w^2, whose gradient is curvature * w."""
    rates = np.full(steps, rate)
    return np.array([step.after for step in follow(optimizer(kind, rate), lambda w, k: curvature * w, rates, start)])


def rate_after(kind: str, base: float, made: int, total: int = 100, every: int = 0, factor: float = 0.5) -> float:
    """The learning rate of a schedule once `made` of `total` steps are done.

    `every` is the interval of the "step" and "exponential" schedules, and the halving time of "inverse".
    """
    fields: dict[str, Any] = {"kind": kind}
    if kind in ("step", "exponential"):
        fields |= {"every": every, "factor": factor}
    elif kind == "inverse":
        fields["half_after"] = every
    return float(schedules.rate(_SCHEDULE.validate_python(fields), base, made + 1, total))


def steps_to_overflow(factor: float, start: float = 1.0) -> int:
    """How many multiplications by `factor` it takes until float32 overflows."""
    return int(np.ceil((np.log(float(np.finfo(np.float32).max)) - np.log(start)) / np.log(factor)))


def grid_trainings(*choices: int, folds: int = 1) -> int:
    """The number of trainings in a grid search; `choices` are the numbers of values of each setting."""
    return int(np.prod(choices)) * folds


def valley_height(kind: str, rate: float, steps: int) -> float:
    """The loss that an optimizer reaches after `steps` steps in the long valley."""
    return float(loss_surfaces.heights("valley", loss_surfaces.path("valley", kind, rate, steps))[-1])


def steps_off_the_saddle(kind: str, rate: float, most: int = 60) -> int:
    """After how many steps an optimizer is more than 1 away from the middle of the saddle; at most `most`."""
    away = np.abs(loss_surfaces.path("saddle", kind, rate, most)[:, 1]) > 1
    return int(np.argmax(away)) if away.any() else most
