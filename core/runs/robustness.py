"""A run on changed images: measured with its last weights, kept in its folder as robustness.json."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field, ValidationError, model_validator

from core.arrays import Array
from core.backend import Backend
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
    """An accuracy. `change` None, strength 0: the images as they are."""

    change: Literal["shift", "rotate", "size", "noise", "negative", "gradient_sign"] | None
    strength: float
    right: int = Field(ge=0)
    """Of the images so many were told rightly."""
    accuracy: float


class Robustness(Spec):
    format: Literal[2] = 2
    date: str
    """UTC, ISO 8601."""
    experiment: str
    """The hash of the run's."""
    backend: str
    """That gave the answers."""
    version: str
    step: int
    """Whose weights answered."""
    images: int = Field(gt=0)
    guessing: float = Field(ge=0, le=1)
    """The accuracy, on these images, of always saying the class that was the most frequent in training."""
    points: tuple[Point, ...] = Field(min_length=1, max_length=1000)

    @model_validator(mode="after")
    def _adds_up(self):
        if any(abs(point.right / self.images - point.accuracy) > 1e-9 for point in self.points):
            raise ValueError("an accuracy is not its count over the images")
        return self

    def curve(self, change: str) -> tuple[Array, Array]:
        """(strengths, accuracies) in rising order, with that of images as they are among them."""
        own = {point.strength: point.accuracy for point in self.points if point.change == change}
        if own and not np.isnan(self.clean):
            own[BY_NAME[change].clean] = self.clean
        strengths = sorted(own)
        return np.array(strengths, float), np.array([own[strength] for strength in strengths], float)

    def lowest(self, change: str) -> Point | None:
        """The point of a change with the fewest right answers, the mildest of equals."""
        own = [point for point in self.points if point.change == change]
        return min(own, key=lambda point: (point.right, abs(point.strength - BY_NAME[change].clean)), default=None)

    @property
    def clean(self) -> float:
        """The accuracy on the images as they are; NaN where it is not there."""
        return next((point.accuracy for point in self.points if point.change is None), float("nan"))

    def is_of(self, run: Run) -> bool:
        """Whether the weights that answered are still the run's last ones."""
        return self.experiment == run.experiment.hash and self.step == run.status().step


def load(folder: Path) -> Robustness | None:
    """Of a run's folder; None where there is none, or none that can be read."""
    path = folder / FILE
    try:
        if path.stat().st_size > MOST_BYTES:
            return None
        return Robustness.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError, ValueError):
        return None


def too_small(shape: tuple[int, int, int]) -> bool:
    """Whether images (C, H, W) hold nothing to shift or turn."""
    return min(shape[1:]) < LEAST_SIDE


def measured(
    run: Run, backend: Backend, name: str, device: str, tell: Callable[[Point], None] = lambda point: None
) -> Robustness:
    """Asks the run's network, in `backend`, about its first test images, changed in every way, and keeps what comes of
    it; `tell` hears of each point. Raises RunError, DataError, BackendError or what `prepare` and `check` raise."""
    state = _last_state(run)
    data, judge = _judge(run, backend, device, state)
    points = []
    for change, strength, right in measure(judge):
        accuracy = right / len(judge.labels)
        points.append(Point(change=change, strength=strength, right=right, accuracy=accuracy))
        tell(points[-1])
    classes = len(data.class_names)
    here, there = (np.bincount(labels, minlength=classes) for labels in (judge.labels, data.train.y))
    result = Robustness(
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        experiment=run.experiment.hash,
        backend=name,
        version=backend.version(),
        step=state.step,
        images=len(judge.labels),
        guessing=baselines(here, there).majority,
        points=tuple(points),
    )
    replace(run.path / FILE, result.model_dump_json(indent=2) + "\n")
    return result


def _last_state(run: Run):
    """After its last step; where early stopping has put the best weights back, those."""
    status = run.status()
    if not status.ended:
        raise RunError(f"run {run.id} is {status.state}; its network can be tried when it has ended")
    if (state := run.snapshot()) is None:
        raise RunError(f"run {run.id} has kept no weights; train the experiment again")
    return state


def _judge(run: Run, backend: Backend, device: str, state) -> tuple[Prepared, Judge]:
    experiment = run.experiment
    recipe, dataset = experiment.training, catalogue.load(experiment.data.name)
    data = prepare(dataset, experiment.data, experiment.seed, recipe.precision)
    check(experiment, data)
    if too_small(data.shape):
        raise DataError(
            f"the images of {dataset.label} have {data.shape[1]}x{data.shape[2]} pixels: nothing to shift or turn; "
            f"choose a run on images of at least {LEAST_SIDE}x{LEAST_SIDE}"
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


def table(curves: list[Robustness], names: list[str]) -> dict[str, list]:
    """Columns for a file or a screen: change, strength, unit, then the accuracies of each of `found` under its name, NaN
    where one lacks a point."""
    positions: list[tuple[str | None, float]] = [
        (None, 0.0),
        *((change.name, float(strength)) for change in ALL for strength in change.strengths),
    ]
    known: list[dict[tuple[str | None, float], float]] = [
        {(point.change, point.strength): point.accuracy for point in it.points} for it in curves
    ]
    columns: dict[str, list] = {
        "change": [BY_NAME[name].label if name else "none" for name, _ in positions],
        "strength": [strength if name else np.nan for name, strength in positions],
        "unit": [BY_NAME[name].unit if name else "" for name, _ in positions],
    }
    return columns | {
        name: [of_run.get(position, np.nan) for position in positions]
        for name, of_run in zip(names, known, strict=True)
    }
