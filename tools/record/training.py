"""What the recordings share: MNIST, who computes them, and a model stopped at chosen steps."""

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
    """Raises DataError where it is missing."""
    return dataset("mnist")


def dataset(name: str) -> Dataset:
    """Raises DataError where it is missing."""
    if sentence := catalogue.missing(name):
        raise DataError(sentence)
    return catalogue.load(name)


def computed_by(backend: str) -> dict[str, str]:
    """The fields of a recording that say what computed it."""
    label, version = backends.about(backend).LABEL, backends.load(backend).version()
    return {"backend": label, "version": version, "device": DEVICE}


def prepared(experiment: Experiment) -> Prepared:
    return prepare(mnist(), experiment.data, experiment.seed)


def trained(backend: str, experiment: Experiment, data: Prepared) -> Model:
    model = fit(backends.load(backend), experiment, data, DEVICE)
    print(f"  {experiment.title}, seed {experiment.seed}: trained", flush=True)
    return model


def at_steps(model: Model, data: Prepared, experiment: Experiment, wanted: tuple[int, ...]) -> Iterator[int]:
    """Stops before the first step, if 0 is wanted, and after each wanted one: the order is the training loop's own."""
    model.load(data.train.x, data.train.y)
    recipe, rows, made = experiment.training, len(data.train), 0
    per_epoch = steps_per_epoch(recipe, rows)
    if 0 in wanted:
        yield 0
    while made < max(wanted):
        order = epoch_order(recipe, rows, experiment.seed, made // per_epoch + 1)
        start = made % per_epoch * recipe.batch_size
        model.steps(order[None, start : start + recipe.batch_size], np.array([recipe.optimizer.learning_rate]), {})
        made += 1
        if made in wanted:
            yield made


def accuracy(model: Model, x: np.ndarray, y: np.ndarray) -> float:
    return float((model.predict(x).argmax(axis=1) == y).mean())


def rounded(values, digits: int = 4) -> list:
    return np.round(np.asarray(values, float), digits).tolist()


def listed(numbers: dict, digits: int) -> dict[str, list]:
    """Arrays as rounded lists."""
    return {name: np.round(values, digits).tolist() for name, values in numbers.items()}
