"""The robustness of a run: its accuracy on changed test images, measured with its last weights and saved in its folder
as robustness.json."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
from pydantic import Field, ValidationError, model_validator

from core.arrays import Array
from core.backend import Backend, State
from core.data import catalogue
from core.data.dataset import DataError
from core.data.prepared import Prepared, prepare
from core.metrics.baselines import baselines
from core.metrics.robustness import ALL, BY_NAME, LEAST_SIDE, Judge, first_test_images, measure
from core.network.initial_weights import initial_weights
from core.runs.folder import Run, RunError, replace
from core.spec import Spec
from core.training.loop import check


FILE = "robustness.json"
MOST_BYTES = 1_000_000


class Point(Spec):
    """The accuracy under one change. `change` None with strength 0 stands for the unchanged images."""

    change: Literal["shift", "rotate", "size", "noise", "negative", "gradient_sign"] | None
    strength: float
    right: int = Field(ge=0)
    """How many images are classified correctly."""
    accuracy: float


class Robustness(Spec):
    format: Literal[2] = 2
    date: str
    """UTC, ISO 8601."""
    experiment: str
    """The hash of the run's experiment."""
    backend: str
    """The backend that computed the outputs."""
    version: str
    """The version of its framework."""
    step: int
    """The step after which the weights were saved."""
    images: int = Field(gt=0)
    guessing: float = Field(ge=0, le=1)
    """The baseline on these images: the accuracy of always answering with the most frequent class of the training
    set."""
    points: tuple[Point, ...] = Field(min_length=1, max_length=1000)

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        if any(abs(point.right / self.images - point.accuracy) > 1e-9 for point in self.points):
            raise ValueError("an accuracy does not equal the number of correct images divided by the number of images")
        return self

    def curve(self, change: str) -> tuple[Array, Array]:
        """(strengths, accuracies) in ascending order of strength, including the unchanged images."""
        accuracies = {point.strength: point.accuracy for point in self.points if point.change == change}
        if accuracies and not np.isnan(self.clean):
            accuracies[BY_NAME[change].clean] = self.clean
        strengths = sorted(accuracies)
        return np.array(strengths, float), np.array([accuracies[strength] for strength in strengths], float)

    def lowest(self, change: str) -> Point | None:
        """The point of a change with the lowest accuracy; of equal ones, the one with the mildest change."""
        points = [point for point in self.points if point.change == change]
        return min(points, key=lambda point: (point.right, abs(point.strength - BY_NAME[change].clean)), default=None)

    @property
    def clean(self) -> float:
        """The accuracy on the unchanged images; NaN if it was not measured."""
        return next((point.accuracy for point in self.points if point.change is None), float("nan"))

    def is_of(self, run: Run) -> bool:
        """Whether it was measured with the weights that are still the last ones of the run."""
        return self.experiment == run.experiment.hash and self.step == run.status().step


def load(folder: Path) -> Robustness | None:
    """The robustness saved in a run folder; None if there is none, or none that can be read."""
    path = folder / FILE
    try:
        if path.stat().st_size > MOST_BYTES:
            return None
        return Robustness.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError, ValueError):
        return None


def too_small(shape: tuple[int, int, int]) -> bool:
    """Whether images (C, H, W) are too small to shift or rotate."""
    return min(shape[1:]) < LEAST_SIDE


def measured(
    run: Run, backend: Backend, name: str, device: str, on_point: Callable[[Point], None] = lambda point: None
) -> Robustness:
    """Run the network of a run, in `backend`, on its first test images under every change, and save the result.

    Calls `on_point` with each point as it is measured. Raises RunError, DataError, BackendError or what `prepare` and
    `check` raise.
    """
    state = _last_state(run)
    data, judge = _judge(run, backend, device, state)
    points = []
    for change, strength, right in measure(judge):
        accuracy = right / len(judge.labels)
        points.append(Point(change=change, strength=strength, right=right, accuracy=accuracy))
        on_point(points[-1])
    classes = len(data.class_names)
    test_counts, training_counts = (np.bincount(labels, minlength=classes) for labels in (judge.labels, data.train.y))
    result = Robustness(
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        experiment=run.experiment.hash,
        backend=name,
        version=backend.version(),
        step=state.step,
        images=len(judge.labels),
        guessing=baselines(test_counts, training_counts).majority,
        points=tuple(points),
    )
    replace(run.path / FILE, result.model_dump_json(indent=2) + "\n")
    return result


def _last_state(run: Run) -> State:
    """The state after the last step, or the best one if early stopping has restored it."""
    status = run.status()
    if not status.ended:
        raise RunError(f"run {run.id} is {status.state}; its robustness can be measured when it has ended")
    if (state := run.snapshot()) is None:
        raise RunError(f"run {run.id} has no saved weights; train the experiment again")
    return state


def _judge(run: Run, backend: Backend, device: str, state: State) -> tuple[Prepared, Judge]:
    experiment = run.experiment
    recipe, dataset = experiment.training, catalogue.load(experiment.data.name)
    data = prepare(dataset, experiment.data, experiment.seed, recipe.precision)
    check(experiment, data)
    if too_small(data.shape):
        raise DataError(
            f"the images of {dataset.label} have {data.shape[1]}x{data.shape[2]} pixels, too small to shift or "
            f"rotate; choose a run on images of at least {LEAST_SIDE}x{LEAST_SIDE}"
        )
    if len(data.test) == 0:
        raise DataError("this run has no test images to change; train the experiment again with some")
    model = backend.build(
        experiment.network,
        initial_weights(experiment.network, experiment.seed, recipe.precision),
        recipe,
        device,
    )
    model.restore(state)
    return data, first_test_images(model, data, dataset, recipe)


def table(curves: list[Robustness], names: list[str]) -> dict[str, list[Any]]:
    """Columns for a file or a table: change, strength, unit, then the accuracies of each of `curves` under its name,
    NaN where a point was not measured."""
    points: list[tuple[str | None, float]] = [
        (None, 0.0),
        *((change.name, float(strength)) for change in ALL for strength in change.strengths),
    ]
    measured_accuracies: list[dict[tuple[str | None, float], float]] = [
        {(point.change, point.strength): point.accuracy for point in one.points} for one in curves
    ]
    columns: dict[str, list[Any]] = {
        "change": [BY_NAME[name].label if name else "none" for name, _ in points],
        "strength": [strength if name else np.nan for name, strength in points],
        "unit": [BY_NAME[name].unit if name else "" for name, _ in points],
    }
    return columns | {
        name: [accuracies.get(point, np.nan) for point in points]
        for name, accuracies in zip(names, measured_accuracies, strict=True)
    }
