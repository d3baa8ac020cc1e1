"""Tables measured in several recorded trainings; numbers in the text are read from the recording, never typed."""

import numpy as np
from numpy.typing import ArrayLike

from core.arrays import Array
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


def measured_numbers(name: str, key: str) -> Array:
    """One array of a measured table."""
    return np.asarray(_read(name).numbers[key])


def medians(rows: ArrayLike) -> Array:
    """The median of each row."""
    return np.asarray(np.median(np.asarray(rows, np.float64), axis=1))


def times_as_fast(over: str = "median") -> Array:
    """One number per backend: how many times as fast as the first one it was in the recorded throughput.

    `over` is "median", "min" or "max" over the rounds. The ratio is taken round by round, because the machine may have
    been busy in some of them.
    """
    speeds = measured_numbers("throughput", "speeds")
    return np.asarray(getattr(np, over)(speeds / speeds[0], axis=1))


def redrawn_spread(remedy: str, what: str = "balanced_error") -> list[float]:
    """[mean, standard deviation] over the recorded draws of the two clouds; `what` may also be "accuracy"."""
    return spread_of(measured_numbers("resampling", f"{remedy}: {what}"))


def spread_of(values: ArrayLike) -> list[float]:
    """[mean, sample standard deviation] of the values."""
    result = spread(list(np.ravel(values)))
    return [result.mean, result.deviation or 0.0]


def refusal_curve(name: str, what: str) -> Array:
    """(points,): one column of the error-rejection curve of a measured table with `lead` and `right`.

    `what` is "asked" (the shares to refuse), "error" (the error rate on the answers that are kept) or "threshold" (of
    the lead). The last two are given at the nearest share that some threshold reaches.
    """
    result, shares = _rejection(name), np.linspace(0, MOST_REFUSED, REFUSALS)
    if what == "asked":
        return shares
    nearest = np.abs(result.refused[:, None] - shares).argmin(axis=0)
    return np.asarray({"error": result.error, "threshold": result.thresholds}[what][nearest])


def least_refused_for(name: str, error: float) -> float:
    """The smallest share to refuse so that at most `error` of the remaining answers are wrong."""
    least = least_refused(_rejection(name), error)
    if least is None:
        raise ValueError(f"no threshold of {name} brings the error down to {error}: allow a larger error")
    return least.refused


def _rejection(name: str) -> Rejection:
    return rejection(measured_numbers(name, "lead"), measured_numbers(name, "right").astype(bool))
