"""Optimizers on one parameter, rates over the steps, and how runaway numbers end."""

import numpy as np
from pydantic import TypeAdapter

from core.demos.learning import loss_surfaces
from core.demos.learning.optimizer_trace import follow, optimizer
from core.recipe import schedules


__all__ = [
    "grid_trainings",
    "optimizer_on_curve",
    "optimizer_steps",
    "rate_after",
    "steps_to_overflow",
    "valley_height",
]

_SCHEDULE: TypeAdapter = TypeAdapter(schedules.Schedule)


def optimizer_steps(kind: str, gradients, rates=0.1, start=1.0):
    """The parameter after each of the given gradients; `rates` is one number or one for each step."""
    rates = np.broadcast_to(np.asarray(rates, np.float64), np.shape(gradients))
    return np.array(
        [step.after for step in follow(optimizer(kind, float(rates[0])), lambda w, k: gradients[k], rates, start)]
    )


def optimizer_on_curve(kind: str, curvature: float, rate: float, steps: int, start=1.0):
    """The same on f = curvature / 2 * w^2, whose gradient is curvature * w."""
    rates = np.full(steps, rate)
    return np.array([step.after for step in follow(optimizer(kind, rate), lambda w, k: curvature * w, rates, start)])


def rate_after(kind: str, base: float, made: int, total: int = 100, every: int = 0, factor: float = 0.5):
    """The rate once `made` of `total` steps are done; `every` is the schedule's own number of steps."""
    own = {"step": {"every": every, "factor": factor}, "exponential": {"every": every, "factor": factor}}
    fields = {"kind": kind, **own.get(kind, {"half_after": every} if kind == "inverse" else {})}
    return float(schedules.rate(_SCHEDULE.validate_python(fields), base, made + 1, total))


def steps_to_overflow(factor: float, start: float = 1.0) -> int:
    """How many multiplications by `factor` until float32 has no number for it."""
    return int(np.ceil((np.log(float(np.finfo(np.float32).max)) - np.log(start)) / np.log(factor)))


def grid_trainings(*choices: int, folds: int = 1) -> int:
    """Trainings of a grid search with so many values of each setting, each tried `folds` times."""
    return int(np.prod(choices)) * folds


def valley_height(kind: str, rate: float, steps: int) -> float:
    """How high an optimizer is after so many steps in the long valley."""
    return float(loss_surfaces.heights("valley", loss_surfaces.path("valley", kind, rate, steps))[-1])
