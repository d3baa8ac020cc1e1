"""How useful features learned from the digits 0 to 4 are when there are only a few digits from 5 to 9."""

from dataclasses import replace

import numpy as np

import backends
from core.backend import Model
from core.data.dataset import Dataset
from core.data.prepared import prepare
from core.data.recipe import DataRecipe
from core.experiment.curriculum import small_cnn
from core.metrics.few_shot import few_shot
from core.training.fit import new_model
from core.training.loop import outputs
from tools.record.training import computed_by, mnist, rounded, trained


BACKEND = "pytorch"
EACH = (1, 2, 5, 10, 20, 50, 100)
DRAWS = 10


def transfer() -> dict:
    """The fields of Measured."""
    digits = mnist()
    experiment = small_cnn(5, "digits 0 to 4", DataRecipe(name="mnist", validation=0))
    first, second = _half(digits, low=True), _half(digits, low=False)
    data = prepare(first, experiment.data, 1)
    data_second = prepare(second, experiment.data, 1)
    pre, fresh = trained(BACKEND, experiment, data), new_model(backends.load(BACKEND), experiment)
    kinds = {"pretrained": _features(pre), "pixels": lambda x: x.reshape(len(x), -1), "untrained": _features(fresh)}
    print(f"  digits 0 to 4: {np.mean(outputs(pre, data.test).argmax(axis=1) == data.test.y):.4f} right", flush=True)
    numbers: dict[str, list] = {"each": list(EACH)}
    for name, features in kinds.items():
        x, test = features(data_second.train.x[:8000]), features(data_second.test.x)
        labels = data_second.train.y[:8000]
        results = [few_shot(x, labels, test, data_second.test.y, each, DRAWS) for each in EACH]
        numbers[name] = rounded([one.mean() for one in results])
        numbers[f"{name}_spread"] = rounded([one.std(ddof=1) for one in results])
        print(f"  {name}: {numbers[name]}", flush=True)
    what = (
        "a small CNN trained on the digits 0 to 4; its last feature maps, raw pixels and the feature maps of an "
        "untrained copy as features of the digits 5 to 9; logistic regression, means of "
        f"{DRAWS} draws, evaluated on all test digits from 5 to 9"
    )
    return {**computed_by(BACKEND), "what": what, "experiment": experiment, "numbers": numbers}


def _half(digits: Dataset, low: bool) -> Dataset:
    in_half = digits.labels < 5 if low else digits.labels >= 5
    boundary = digits.parts["train"].stop
    train, test = np.flatnonzero(in_half[:boundary]), boundary + np.flatnonzero(in_half[boundary:])
    rows = np.concatenate([train, test])
    return replace(
        digits,
        label="half of MNIST",
        images=digits.images[rows],
        labels=digits.labels[rows] - (0 if low else 5),
        class_names=tuple("01234" if low else "56789"),
        parts={"train": range(len(train)), "test": range(len(train), len(rows))},
    )


def _features(model: Model):
    """The input of the dense layer: the last feature maps, flattened."""

    def features(x: np.ndarray) -> np.ndarray:
        parts = [model.activations(x[start : start + 1000]) for start in range(0, len(x), 1000)]
        return np.concatenate([next(v for k, v in part.items() if k.startswith("flatten")) for part in parts])

    return features
