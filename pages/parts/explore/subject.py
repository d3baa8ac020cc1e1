"""What the page Explore looks at: a run, or a shipped network, with the weights of one step, and the backend that
answers."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from backends.executors.local import executor
from core.arrays import Array
from core.data import catalogue
from core.data.dataset import DataError
from core.data.splits import split
from core.explain.questions import UNCHANGED, Changes, Question
from core.network.network import Network
from core.runs.folder import Run
from pages.recorded import shipped


MOST_SAMPLES = 200


@dataclass(frozen=True, eq=False)
class Samples:
    """Images (N, C, H, W) uint8 that the network has not been trained on, their labels (N,), where they are from, in a
    few words, and their rows (N,) in the data set."""

    images: Array
    labels: Array
    origin: str
    rows: Array


@dataclass(frozen=True)
class Subject:
    run: Run
    step: int | None = None
    """A step that the run remembers; None: the newest."""
    backend: str = "reference"
    """The backend that answers."""

    @property
    def network(self) -> Network:
        return self.run.experiment.network

    @property
    def shape(self) -> tuple[int, int, int]:
        """(C, H, W) of the images."""
        return self.network.input_shape

    @cached_property
    def class_names(self) -> tuple[str, ...]:
        return self.run.class_names()

    def scaled(self, images: Array) -> Array:
        """Images (N, C, H, W) of grey levels -> as the network takes them. Raises RunError or DataError."""
        return self.run.scaling().apply(images, self.run.experiment.training.precision)

    def ask(self, question: Question, changes: Changes = UNCHANGED, **arrays: Array) -> dict[str, Array]:
        """The answer of this subject's backend. Raises BackendError or RunError with one sentence."""
        return executor().ask(self.run, question, arrays, step=self.step, changes=changes, backend=self.backend)

    def samples(self, most: int = MOST_SAMPLES) -> Samples:
        """The run's first test images (or, without any, validation images); of a shipped network whose data set is not
        here, its few examples. Raises DataError if there are none at all."""
        if (example := shipped.examples(self.run)) is not None and self.data_problem:
            images, labels = example
            return Samples(images, labels, "examples that come with this network", np.arange(len(images)))
        recipe = self.run.experiment.data
        dataset = catalogue.load(recipe.name)
        rows = split(dataset, recipe, self.run.experiment.seed)
        part = "test" if len(rows["test"]) else "validation" if len(rows["validation"]) else "train"
        chosen = np.asarray(rows[part])[:most]
        return Samples(dataset.images[chosen], dataset.labels[chosen], f"{part} images of {dataset.label}", chosen)

    @property
    def data_problem(self) -> str:
        """Why the run's data set cannot be loaded now; "" if it can."""
        try:
            return catalogue.missing(self.run.experiment.data.name) or ""
        except DataError as error:
            return str(error)
