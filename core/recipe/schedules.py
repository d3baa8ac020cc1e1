"""How the rate changes while training goes on: frozen descriptions, and the rate at each step."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.spec import Spec


class ConstantSchedule(Spec):
    """The optimizer's rate, always."""

    kind: Literal["constant"] = "constant"


class StepSchedule(Spec):
    """Times `factor` after every `every` steps."""

    kind: Literal["step"] = "step"
    every: int = Field(default=100, ge=1, le=10**9)
    factor: float = Field(default=0.5, gt=0, le=1)


class ExponentialSchedule(Spec):
    """As StepSchedule, but a little at each step: after `every` steps it has come to `factor` of what it was."""

    kind: Literal["exponential"] = "exponential"
    every: int = Field(default=100, ge=1, le=10**9)
    factor: float = Field(default=0.5, gt=0, le=1)


class InverseTimeSchedule(Spec):
    """1 / t: half after `half_after` steps, a third after twice as many (Robbins and Monro 1951)."""

    kind: Literal["inverse"] = "inverse"
    half_after: int = Field(default=100, ge=1, le=10**9)


class CosineSchedule(Spec):
    """Half a cosine wave from the rate down to `lowest` of it, reached when the run ends (Loshchilov and Hutter 2017,
    eq. 5, one period)."""

    kind: Literal["cosine"] = "cosine"
    lowest: float = Field(default=0.0, ge=0, le=1)


class ReduceOnPlateau(Spec):
    """Times `factor` whenever the validation loss has had no new low for `patience` epochs, but never below `lowest` of
    it. What it comes to depends on the run: core/training/reduce_on_plateau.py follows it."""

    kind: Literal["plateau"] = "plateau"
    patience: int = Field(default=2, ge=1, le=10**9)
    factor: float = Field(default=0.5, gt=0, lt=1)
    lowest: float = Field(default=0.01, ge=0, le=1)


class RisingSchedule(Spec):
    """From the rate up to `times` of it at the last step, by the same factor in each step: the rate finder's (Smith
    2017)."""

    kind: Literal["rising"] = "rising"
    times: float = Field(default=1e7, gt=1, le=1e30)


Schedule = Annotated[
    ConstantSchedule
    | StepSchedule
    | ExponentialSchedule
    | InverseTimeSchedule
    | CosineSchedule
    | ReduceOnPlateau
    | RisingSchedule,
    Field(discriminator="kind"),
]


def rate(schedule, base: float, step, total: int, warmup_steps: int = 0) -> Array:
    """The rate of step number `step` (one or an array, from 1) of `total`, in float64.

    Warm-up comes first: `warmup_steps` steps that rise in a straight line, the last of them to the whole rate (Goyal et al.
    2017, section 2.2); the schedule begins after it as if it were the first step.
    """
    step = np.asarray(step, np.float64)
    made = np.maximum(step - 1 - warmup_steps, 0)
    rising = np.minimum(step / warmup_steps, 1) if warmup_steps else 1.0
    return base * rising * _share(schedule, made, max(total - warmup_steps, 1))


def _share(schedule, made, total):
    """Of the base rate, `made` steps after the warm-up."""
    match schedule:
        case ConstantSchedule() | ReduceOnPlateau():
            return np.ones_like(made)
        case RisingSchedule(times=times):
            return times ** np.minimum(made / max(total - 1, 1), 1)
        case StepSchedule(every=every, factor=factor):
            return factor ** np.floor(made / every)
        case ExponentialSchedule(every=every, factor=factor):
            return factor ** (made / every)
        case InverseTimeSchedule(half_after=half):
            return 1 / (1 + made / half)
        case CosineSchedule(lowest=lowest):
            return lowest + (1 - lowest) * (1 + np.cos(np.pi * np.minimum(made / total, 1))) / 2
    raise TypeError(f"no rate for {type(schedule).__name__}")
