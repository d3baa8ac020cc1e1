"""Runs that differ only in their seed: the mean and the range of their curves and results."""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.experiment.experiment import Experiment
from core.runs.comparison import Curve
from core.runs.folder import Run


@dataclass(frozen=True)
class Band:
    """Mean and range of several curves, at the points that all of them have."""

    x: Array
    mean: Array
    low: Array
    """The smallest value at each point."""
    high: Array
    """The largest value at each point."""
    count: int


@dataclass(frozen=True)
class Spread:
    """Mean and spread of several numbers."""

    mean: float
    deviation: float | None
    """Sample standard deviation (n - 1 in the denominator); None for a single number."""
    low: float
    high: float
    count: int


def family(experiment: Experiment) -> str:
    """The hash of everything but the seed."""
    return experiment.model_copy(update={"seed": 0}).hash


def families(runs: list[Run]) -> dict[tuple[str, str, str], list[Run]]:
    """{(hash without the seed, backend, device): runs in the order of their seeds}; the families are in the order of
    their first run."""
    groups: dict[tuple[str, str, str], list[Run]] = {}
    for run in runs:
        groups.setdefault((family(run.experiment), run.backend, run.device), []).append(run)
    return {key: sorted(members, key=lambda run: (run.experiment.seed, run.id)) for key, members in groups.items()}


def band(curves: list[Curve]) -> Band:
    """The band of one or more curves. Where one value is NaN, so are mean, low and high."""
    x = curves[0][0]
    for others, _ in curves[1:]:
        x = np.intersect1d(x, others, assume_unique=True)
    values = np.stack([np.asarray(y, float)[np.searchsorted(at, x)] for at, y in curves])
    return Band(x, values.mean(axis=0), values.min(axis=0), values.max(axis=0), len(curves))


def spread(values: list[float]) -> Spread:
    """The spread of one or more numbers."""
    numbers = np.asarray(values, float)
    deviation = float(numbers.std(ddof=1)) if len(numbers) > 1 else None
    return Spread(float(numbers.mean()), deviation, float(numbers.min()), float(numbers.max()), len(numbers))
