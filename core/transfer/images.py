"""Which images a transfer experiment learns from, and on which others it is tested."""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.data.dataset import DataError, Dataset
from core.data.recipe import DataRecipe
from core.data.splits import split
from core.experiment.experiment import Experiment
from core.random import generator


MOST_TEST = 5000
"""The number of test images used, at most: of more, evenly spaced ones."""


@dataclass(frozen=True, eq=False)
class Task:
    """Rows of a data set to learn from, and others, which the network has never seen, to be tested on."""

    dataset: Dataset
    classes: tuple[int, ...]
    pool: Array
    """(N,) rows that may be drawn for training."""
    test: Array
    """(M,) rows of the test images."""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.dataset.class_names[label] for label in self.classes)

    def labels(self, rows: Array) -> Array:
        """(N,) positions in `classes`."""
        positions: Array = np.searchsorted(self.classes, self.dataset.labels[rows])
        return positions

    def drawn(self, each: int, seed: int, draw: int) -> Array:
        """(K, each) rows, one line for each class. The first rows of each line are those of a smaller draw."""
        labels = self.dataset.labels[self.pool]
        rng = generator(seed, "transfer", draw)
        return np.stack([rng.permutation(self.pool[labels == label])[:each] for label in self.classes])


def task(dataset: Dataset, classes: tuple[int, ...], most: int, experiment: Experiment) -> Task:
    """`classes` of a data set (none: all), to be learned from up to `most` images of each with a network trained by
    `experiment`. Raises DataError if there are too few images, or no test images."""
    if unknown := [label for label in classes if not 0 <= label < dataset.classes]:
        raise DataError(f"{dataset.label} has the classes 0 to {dataset.classes - 1}; there is no class {unknown[0]}.")
    classes = classes or tuple(range(dataset.classes))
    test = _test_rows(dataset, experiment)
    pool = np.setdiff1d(np.array(dataset.parts["train"], np.int64), test)
    test, pool = (rows[np.isin(dataset.labels[rows], classes)] for rows in (test, pool))
    counts = np.bincount(dataset.labels[pool], minlength=dataset.classes)
    for label in classes:
        if counts[label] < most:
            raise DataError(
                f"{dataset.label} has only {counts[label]:,} training images of class {dataset.class_names[label]!r}, "
                f"but the plan needs {most:,} per class. Choose smaller numbers, or leave this class out."
            )
    if not len(test):
        raise DataError(f"{dataset.label} has no test images of these classes.")
    return Task(dataset, classes, pool, test[np.unique(np.linspace(0, len(test) - 1, MOST_TEST).astype(int))])


def _test_rows(dataset: Dataset, experiment: Experiment) -> Array:
    """The file's test images; of a file without any, the validation images, which no network is trained on."""
    if dataset.parts.get("test"):
        return np.array(dataset.parts["test"], np.int64)
    own = experiment.data.name == dataset.name
    rows = split(dataset, experiment.data if own else DataRecipe(name=dataset.name), experiment.seed)["validation"]
    if not len(rows):
        raise DataError(
            f"{dataset.label} has no test images, and this network was trained on all of its images. Train one that "
            "keeps some for validation, or choose another data set."
        )
    return rows
