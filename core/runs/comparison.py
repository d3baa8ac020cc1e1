"""Two runs laid side by side: where their losses part, by how much, and what was different about them."""

import csv
import io
import itertools
from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.experiment.experiment import Experiment


Curve = tuple[Array, Array]
"""(steps, losses), as `Run.curve()` gives them."""


@dataclass(frozen=True)
class Divergence:
    """The first step at which two curves are further apart than a tolerance."""

    step: int
    first: float
    second: float
    relative: float


def differences(first: Curve, second: Curve) -> Curve:
    """(steps that both made, |a - b| / max(|a|, |b|) there); 0 where both are 0."""
    steps, here, there = np.intersect1d(first[0], second[0], assume_unique=True, return_indices=True)
    a, b = np.asarray(first[1], float)[here], np.asarray(second[1], float)[there]
    largest = np.maximum(np.abs(a), np.abs(b))
    return steps, np.divide(np.abs(a - b), largest, out=np.zeros_like(a), where=largest != 0)


def first_divergence(first: Curve, second: Curve, tolerance: float) -> Divergence | None:
    """None: nowhere among the steps that both made. A loss that is no number parts from every number."""
    steps, apart = differences(first, second)
    beyond = np.flatnonzero(~(apart <= tolerance))
    if not len(beyond):
        return None
    step = int(steps[beyond[0]])
    a, b = (float(losses[np.searchsorted(at, step)]) for at, losses in (first, second))
    return Divergence(step, a, b, float(apart[beyond[0]]))


def starts_together(curves: list[Curve], tolerance: float = 1e-6) -> bool:
    """Whether two or more of them have made the first step, and all those made the same loss there."""
    firsts = [float(losses[0]) for _, losses in curves if len(losses)]
    return len(firsts) > 1 and max(firsts) - min(firsts) <= tolerance * max(map(abs, firsts))


def downsampled(steps: Array, values: Array, points: int = 1000) -> Curve:
    """At most `points` of a curve, to be drawn: its first and last point, and the lowest and highest of each stretch
    between, so that no spike is lost."""
    if len(steps) <= points:
        return steps, values
    bounds = np.linspace(1, len(steps) - 1, (points - 2) // 2 + 1).astype(int)
    kept = [0, len(steps) - 1]
    for begin, end in itertools.pairwise(bounds):
        stretch = values[begin:end]
        kept += [begin + int(np.argmin(stretch)), begin + int(np.argmax(stretch))]
    positions = np.unique(kept)
    return steps[positions], values[positions]


def as_columns(curves: dict[str, Curve]) -> dict[str, Array]:
    """{"step": every step that any of them made, name: its value there, NaN where it has none}."""
    steps = np.unique(np.concatenate([np.zeros(0, int), *(at for at, _ in curves.values())]))
    columns = {"step": steps}
    for name, (at, values) in curves.items():
        columns[name] = np.full(len(steps), np.nan)
        columns[name][np.searchsorted(steps, at)] = values
    return columns


def as_csv(columns: dict[str, Array]) -> str:
    """With all digits; nothing stands where there is no number."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in zip(*(values.tolist() for values in columns.values()), strict=True):
        writer.writerow("" if value != value else value for value in row)
    return text.getvalue()


def smoothed(values: Array, window: int) -> Array:
    """The mean of each value and the up to `window` - 1 before it; the first stays as it is."""
    if window <= 1 or not len(values):
        return values
    sums = np.cumsum(np.insert(np.asarray(values, float), 0, 0.0))
    ends = np.arange(1, len(values) + 1)
    begins = np.maximum(ends - window, 0)
    return (sums[ends] - sums[begins]) / (ends - begins)


def steps_per_second(step: int, seconds: float) -> float | None:
    return step / seconds if seconds > 0 and step else None


def what_differs(experiments: list[Experiment]) -> list[tuple[str, list[str]]]:
    """(field as a dotted path, its value in each experiment) for every field that is not the same in all."""
    flat = [_flat(experiment.model_dump(mode="json", exclude={"title", "format"})) for experiment in experiments]
    paths = list(dict.fromkeys(path for fields in flat for path in fields))
    return [(path, values) for path in paths if len(set(values := [fields.get(path, "–") for fields in flat])) > 1]


def _flat(value, path: str = "") -> dict[str, str]:
    """{"training.optimizer.learning_rate": "0.1", "network.layers.conv1.kernel": "5 x 5"}; layers go by their names."""
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
