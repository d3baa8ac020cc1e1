"""Comparing runs: where their losses diverge, by how much, and in what the experiments differ."""

import csv
import io
import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.arrays import Array
from core.experiment.experiment import Experiment


Curve = tuple[Array, Array]
"""(steps, losses), as `Run.curve()` returns them."""


@dataclass(frozen=True)
class Divergence:
    """The first step at which two curves are further apart than a tolerance."""

    step: int
    first: float
    second: float
    relative: float


def differences(first: Curve, second: Curve) -> Curve:
    """(steps that both runs made, |a - b| / max(|a|, |b|) at each); 0 where both losses are 0."""
    steps, here, there = np.intersect1d(first[0], second[0], assume_unique=True, return_indices=True)
    a, b = np.asarray(first[1], float)[here], np.asarray(second[1], float)[there]
    largest = np.maximum(np.abs(a), np.abs(b))
    return steps, np.divide(np.abs(a - b), largest, out=np.zeros_like(a), where=largest != 0)


def first_divergence(first: Curve, second: Curve, tolerance: float) -> Divergence | None:
    """Where two curves diverge; None if they never do in the steps that both made. NaN differs from every number."""
    steps, relative = differences(first, second)
    beyond = np.flatnonzero(~(relative <= tolerance))
    if not len(beyond):
        return None
    step = int(steps[beyond[0]])
    a, b = (float(losses[np.searchsorted(at, step)]) for at, losses in (first, second))
    return Divergence(step, a, b, float(relative[beyond[0]]))


def starts_together(curves: list[Curve], tolerance: float = 1e-6) -> bool:
    """Whether at least two of the runs have made the first step, and all of those have the same loss there."""
    firsts = [float(losses[0]) for _, losses in curves if len(losses)]
    return len(firsts) > 1 and max(firsts) - min(firsts) <= tolerance * max(map(abs, firsts))


def downsampled(steps: Array, values: Array, points: int = 1000) -> Curve:
    """At most `points` points of a curve for drawing: the first, the last, and the lowest and highest of each section
    in between, so no spike is lost."""
    if len(steps) <= points:
        return steps, values
    bounds = np.linspace(1, len(steps) - 1, (points - 2) // 2 + 1).astype(int)
    kept = [0, len(steps) - 1]
    for begin, end in itertools.pairwise(bounds):
        section = values[begin:end]
        kept += [begin + int(np.argmin(section)), begin + int(np.argmax(section))]
    indices = np.unique(kept)
    return steps[indices], values[indices]


def as_columns(curves: dict[str, Curve]) -> dict[str, Array]:
    """{"step": every step that any of the runs made, name: the value at each step, NaN where the run has none}."""
    steps = np.unique(np.concatenate([np.zeros(0, int), *(at for at, _ in curves.values())]))
    columns = {"step": steps}
    for name, (at, values) in curves.items():
        columns[name] = np.full(len(steps), np.nan)
        columns[name][np.searchsorted(steps, at)] = values
    return columns


def as_csv(columns: dict[str, Array]) -> str:
    """The columns as CSV text, with all digits; NaN becomes an empty cell."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in zip(*(values.tolist() for values in columns.values()), strict=True):
        writer.writerow("" if value != value else value for value in row)
    return text.getvalue()


def smoothed(values: Array, window: int) -> Array:
    """The mean of each value and the (up to) `window` - 1 values before it."""
    if window <= 1 or not len(values):
        return values
    sums = np.cumsum(np.insert(np.asarray(values, float), 0, 0.0))
    ends = np.arange(1, len(values) + 1)
    begins = np.maximum(ends - window, 0)
    means: Array = (sums[ends] - sums[begins]) / (ends - begins)
    return means


def steps_per_second(step: int, seconds: float) -> float | None:
    return step / seconds if seconds > 0 and step else None


def what_differs(experiments: list[Experiment]) -> list[tuple[str, list[str]]]:
    """(field as a dotted path, its value in each experiment) for every field whose value is not the same in all."""
    flat = [_flat(experiment.model_dump(mode="json", exclude={"title", "format"})) for experiment in experiments]
    paths = list(dict.fromkeys(path for fields in flat for path in fields))
    return [(path, values) for path in paths if len(set(values := [fields.get(path, "–") for fields in flat])) > 1]


def _flat(value: Any, path: str = "") -> dict[str, str]:
    """{"training.optimizer.learning_rate": "0.1", "network.layers.conv1.kernel": "5 x 5"}; layers appear under their
    names."""
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list) and value and all(isinstance(entry, dict) for entry in value):
        inner = [(entry.get("name", str(index)), entry) for index, entry in enumerate(value)]
    elif isinstance(value, list) and any(
        isinstance(entry, list) and entry and isinstance(entry[0], dict) for entry in value
    ):
        inner = [(f"branch {number}", row) for number, row in enumerate(value, start=1) if row]
    else:
        return {path: " x ".join(map(str, value)) if isinstance(value, list) else str(value)}
    return {
        name: text for key, entry in inner for name, text in _flat(entry, f"{path}.{key}" if path else str(key)).items()
    }
