"""Learning rate schedules: frozen descriptions, and the learning rate at each step."""

from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import ArrayLike
from pydantic import Field

from core.arrays import Array
from core.spec import Spec


class ConstantSchedule(Spec):
    """The optimizer's learning rate at every step."""

    kind: Literal["constant"] = "constant"


class StepSchedule(Spec):
    """Multiplies the learning rate by `factor` after every `every` steps."""

    kind: Literal["step"] = "step"
    every: int = Field(default=100, ge=1, le=10**9)
    factor: float = Field(default=0.5, gt=0, le=1)


class ExponentialSchedule(Spec):
    """Like StepSchedule, but a little at each step: `factor` times the learning rate after `every` steps."""

    kind: Literal["exponential"] = "exponential"
    every: int = Field(default=100, ge=1, le=10**9)
    factor: float = Field(default=0.5, gt=0, le=1)


class InverseTimeSchedule(Spec):
    """Decays as 1 / t: half after `half_after` steps, a third after twice as many (Robbins and Monro 1951)."""

    kind: Literal["inverse"] = "inverse"
    half_after: int = Field(default=100, ge=1, le=10**9)


class CosineSchedule(Spec):
    """Half a cosine wave from the learning rate down to `lowest` times it at the end of the run (Loshchilov and Hutter
    2017, eq. 5, one period)."""

    kind: Literal["cosine"] = "cosine"
    lowest: float = Field(default=0.0, ge=0, le=1)


class ReduceOnPlateau(Spec):
    """Multiplies the learning rate by `factor` when the validation loss has had no new low for `patience` epochs, but
    keeps at least `lowest` times the first one. It depends on the run: core/training/reduce_on_plateau.py does it."""

    kind: Literal["plateau"] = "plateau"
    patience: int = Field(default=2, ge=1, le=10**9)
    factor: float = Field(default=0.5, gt=0, lt=1)
    lowest: float = Field(default=0.01, ge=0, le=1)


class RisingSchedule(Spec):
    """Rises by the same factor at each step, from the learning rate to `times` as much at the last step: the learning
    rate finder's schedule (Smith 2017)."""

    kind: Literal["rising"] = "rising"
    times: float = Field(default=1e7, gt=1, le=1e30)


AnySchedule = (
    ConstantSchedule
    | StepSchedule
    | ExponentialSchedule
    | InverseTimeSchedule
    | CosineSchedule
    | ReduceOnPlateau
    | RisingSchedule
)
Schedule = Annotated[AnySchedule, Field(discriminator="kind")]


def rate(schedule: AnySchedule, base: float, step: ArrayLike, total: int, warmup_steps: int = 0) -> Array:
    """The learning rate at step number `step` (one or an array, from 1) of `total`, in float64.

    It starts with a linear warm-up of `warmup_steps` steps, the last of which uses the full learning rate (Goyal et al.
    2017, section 2.2). The schedule then starts as if the following step were the first.
    """
    step = np.asarray(step, np.float64)
    done = np.maximum(step - 1 - warmup_steps, 0)
    warmup = np.minimum(step / warmup_steps, 1) if warmup_steps else 1.0
    rates: Array = base * warmup * _factor(schedule, done, max(total - warmup_steps, 1))
    return rates


def _factor(schedule: AnySchedule, done: Array, total: int) -> Any:
    """The learning rate divided by its base, `done` steps after the warm-up."""
    match schedule:
        case ConstantSchedule() | ReduceOnPlateau():
            return np.ones_like(done)
        case RisingSchedule(times=times):
            return times ** np.minimum(done / max(total - 1, 1), 1)
        case StepSchedule(every=every, factor=factor):
            return factor ** np.floor(done / every)
        case ExponentialSchedule(every=every, factor=factor):
            return factor ** (done / every)
        case InverseTimeSchedule(half_after=half):
            return 1 / (1 + done / half)
        case CosineSchedule(lowest=lowest):
            return lowest + (1 - lowest) * (1 + np.cos(np.pi * np.minimum(done / total, 1))) / 2
    raise TypeError(f"no learning rate for {type(schedule).__name__}")
