"""Shared by all recordings: MNIST, what computed them, and training that pauses at given steps."""

from collections.abc import Iterator

import numpy as np

import backends
from core.backend import Model
from core.data import catalogue
from core.data.dataset import DataError, Dataset
from core.data.prepared import Prepared, prepare
from core.experiment.experiment import Experiment
from core.training.fit import fit
from core.training.loop import epoch_order, steps_per_epoch


DEVICE = "cpu"


def mnist() -> Dataset:
    """Raises DataError if it is missing."""
    return dataset("mnist")


def dataset(name: str) -> Dataset:
    """Raises DataError if it is missing."""
    if problem := catalogue.missing(name):
        raise DataError(problem)
    return catalogue.load(name)


def computed_by(backend: str) -> dict[str, str]:
    """The fields of a recording that name the backend, its version and the device."""
    label, version = backends.about(backend).LABEL, backends.load(backend).version()
    return {"backend": label, "version": version, "device": DEVICE}


def prepared(experiment: Experiment) -> Prepared:
    return prepare(mnist(), experiment.data, experiment.seed)


def trained(backend: str, experiment: Experiment, data: Prepared) -> Model:
    model = fit(backends.load(backend), experiment, data, DEVICE)
    print(f"  {experiment.title}, seed {experiment.seed}: trained", flush=True)
    return model


def at_steps(model: Model, data: Prepared, experiment: Experiment, numbers: tuple[int, ...]) -> Iterator[int]:
    """Train, yielding after each of these step numbers (0: before the first step); batches are those of the training
    loop."""
    model.load(data.train.x, data.train.y)
    recipe, rows, step = experiment.training, len(data.train), 0
    per_epoch = steps_per_epoch(recipe, rows)
    if 0 in numbers:
        yield 0
    while step < max(numbers):
        order = epoch_order(recipe, rows, experiment.seed, step // per_epoch + 1)
        start = step % per_epoch * recipe.batch_size
        model.steps(order[None, start : start + recipe.batch_size], np.array([recipe.optimizer.learning_rate]), {})
        step += 1
        if step in numbers:
            yield step


def accuracy(model: Model, x: np.ndarray, y: np.ndarray) -> float:
    return float((model.predict(x).argmax(axis=1) == y).mean())


def rounded(values, digits: int = 4) -> list:
    return np.round(np.asarray(values, float), digits).tolist()


def listed(numbers: dict, digits: int) -> dict[str, list]:
    """Arrays as rounded lists."""
    return {name: np.round(values, digits).tolist() for name, values in numbers.items()}
