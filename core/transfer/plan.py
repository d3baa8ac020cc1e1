"""What a transfer experiment compares, and its result, which is kept in a file named after the plan."""

import hashlib
import json
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, model_validator

from core.runs.folder import replace
from core.runs.grouping import spread
from core.spec import Spec


FOLDER = ".transfer"
MOST_BYTES = 1_000_000
EACH = (5, 10, 20, 50, 100, 200, 500)
"""Training images per class, to choose from."""

Classifier = Literal["logistic_regression", "linear_svm", "nearest_neighbors", "new_head"]
CLASSIFIERS: dict[Classifier, str] = {
    "logistic_regression": "Logistic regression",
    "linear_svm": "Linear SVM",
    "nearest_neighbors": "k nearest neighbours",
    "new_head": "New head",
}
Features = Literal["network", "untrained", "pixels", "edges"]
FEATURES: dict[Features, str] = {
    "network": "trained network",
    "untrained": "untrained network",
    "pixels": "raw pixels",
    "edges": "edge histograms",
}


class Plan(Spec):
    """Features from a layer of a run, for a classifier that learns other images or classes from few examples."""

    run: str
    """The run's id."""
    step: int = Field(ge=0)
    """The weights after this many steps."""
    layer: str
    """The output of this layer is the features."""
    data: str
    """The data set to learn."""
    classes: tuple[int, ...] = ()
    """The classes to learn; none means all."""
    classifier: Classifier = "logistic_regression"
    each: tuple[int, ...] = Field(default=(5, 20, 100), min_length=1, max_length=20)
    """Training images per class, ascending."""
    draws: int = Field(default=5, ge=1, le=50)
    """How often training images are drawn."""
    seed: int = Field(default=1, ge=0)

    @model_validator(mode="after")
    def _check(self) -> "Plan":
        if list(self.each) != sorted(set(self.each)) or self.each[0] < 1:
            raise ValueError("the numbers of images per class must be positive and ascend")
        if list(self.classes) != sorted(set(self.classes)) or len(self.classes) == 1:
            raise ValueError("choose at least two classes, each once, in ascending order")
        return self

    @property
    def hash(self) -> str:
        """Twelve hex digits of the SHA-256 of the canonical JSON."""
        content = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(content.encode()).hexdigest()[:12]

    @property
    def count(self) -> int:
        """The number of accuracies that it measures, at most."""
        return len(FEATURES) * self.draws * len(self.each)


class Point(Spec):
    """One classifier, trained on one draw of images."""

    features: Features
    each: int
    draw: int
    right: int = Field(ge=0)
    """How many test images it classifies correctly."""


class Result(Spec):
    format: Literal[1] = 1
    plan: Plan
    experiment: str
    """The hash of the run's experiment."""
    date: str
    """UTC, ISO 8601."""
    backend: str
    """The backend that computed the features."""
    version: str
    """The version of its framework."""
    images: int = Field(gt=0)
    """The number of test images."""
    classes: tuple[str, ...]
    """The names of the classes."""
    width: dict[Features, int]
    """How many numbers describe an image."""
    remark: str
    """What was done to the images to fit the network, or ""."""
    points: tuple[Point, ...] = Field(max_length=10_000)

    def accuracies(self, features: Features, each: int) -> list[float]:
        """One for each draw."""
        chosen = [point for point in self.points if (point.features, point.each) == (features, each)]
        return [point.right / self.images for point in sorted(chosen, key=lambda point: point.draw)]

    @property
    def guessing(self) -> float:
        """The expected accuracy of guessing, since all classes occur equally often among the training images."""
        return 1 / len(self.classes)


def table(result: Result) -> list[dict[str, Any]]:
    """One row for each kind of features and number of images per class: mean and sample standard deviation of the
    accuracies over the draws; the deviation is None for a single draw."""
    rows = []
    for features in result.width:
        for each in result.plan.each:
            over = spread(result.accuracies(features, each))
            rows.append({"features": features, "each": each, "mean": over.mean, "deviation": over.deviation})
    return rows


def save(result: Result, folder: Path) -> None:
    """Save a result in a folder of runs."""
    path = _path(result.plan, folder)
    path.parent.mkdir(parents=True, exist_ok=True)
    replace(path, result.model_dump_json(indent=2) + "\n")


def load(plan: Plan, folder: Path) -> Result | None:
    """The result of this plan; None if there is none, or none that can be read."""
    path = _path(plan, folder)
    try:
        if path.stat().st_size > MOST_BYTES:
            return None
        return Result.model_validate_json(path.read_text(encoding="utf-8"))
    except (OSError, ValidationError, ValueError):
        return None


def _path(plan: Plan, folder: Path) -> Path:
    return folder / FOLDER / f"{plan.hash}.json"
