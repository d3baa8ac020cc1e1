"""What several recorded real trainings came to: numbers in the text are read from the recording, never typed."""

import numpy as np

from core.metrics.rejection import Rejection, least_refused, rejection
from core.recordings.recording import FOLDER
from core.recordings.tables import Measured, read
from core.runs.grouping import spread


__all__ = [
    "least_refused_for",
    "measured_numbers",
    "medians",
    "redrawn_spread",
    "refusal_curve",
    "spread_of",
    "times_as_fast",
]  # fmt: skip

REFUSALS = 61
MOST_REFUSED = 0.3


def _read(name: str) -> Measured:
    return read(FOLDER / "measured" / f"{name}.json")


def measured_numbers(name: str, key: str):
    """An array of a measured table."""
    return np.asarray(_read(name).numbers[key])


def medians(rows):
    """Of each row its median."""
    return np.median(np.asarray(rows, np.float64), axis=1)


def times_as_fast(over: str = "median"):
    """Of the recorded throughput, one number for each backend: how many times as fast as the first one, the median over
    the rounds (or "min", "max"); each round is compared with itself, for the machine may have been busy in some."""
    speeds = measured_numbers("throughput", "speeds")
    return getattr(np, over)(speeds / speeds[0], axis=1)


def redrawn_spread(remedy: str, what: str = "balanced_error"):
    """[mean, standard deviation] over the recorded draws of the two clouds; `what` may be "accuracy"."""
    return spread_of(measured_numbers("resampling", f"{remedy}: {what}"))


def spread_of(values):
    """[mean, sample standard deviation]."""
    result = spread(list(np.ravel(values)))
    return [result.mean, result.deviation or 0.0]


def refusal_curve(name: str, what: str):
    """(points,) of a measured table with `lead` and `right`: "asked" shares to refuse, and the "error" on what is kept
    or the "threshold" of the lead at the nearest share that a threshold reaches."""
    result, asked = _rejection(name), np.linspace(0, MOST_REFUSED, REFUSALS)
    if what == "asked":
        return asked
    positions = np.abs(result.refused[:, None] - asked).argmin(axis=0)
    return {"error": result.error, "threshold": result.thresholds}[what][positions]


def least_refused_for(name: str, error: float) -> float:
    """The least share to refuse so that at most `error` of the rest is wrong."""
    least = least_refused(_rejection(name), error)
    if least is None:
        raise ValueError(f"no threshold of {name} brings the error to {error}")
    return least.refused


def _rejection(name: str) -> Rejection:
    return rejection(measured_numbers(name, "lead"), measured_numbers(name, "right").astype(bool))
