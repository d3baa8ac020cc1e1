"""Hand-made features and learned ones, compared on the same digits."""

import numpy as np
from sklearn.linear_model import LogisticRegression

from core.data.prepared import Part, Prepared
from core.data.recipe import DataRecipe
from core.demos.images.hog import edge_histogram
from core.experiment.curriculum import small_cnn
from core.training.loop import outputs
from tools.record.training import computed_by, prepared, trained


BACKEND = "pytorch"
TRAIN = 10_000


def by_hand() -> dict:
    """The fields of Measured."""
    experiment = small_cnn(10, "10,000 digits", DataRecipe(name="mnist", train=TRAIN, validation=0), steps=1500)
    data = prepared(experiment)
    network = float(np.mean(outputs(trained(BACKEND, experiment, data), data.test).argmax(axis=1) == data.test.y))
    edges = _accuracy(_edges(data.train), _edges(data.test), data)
    pixels = _accuracy(_flat(data.train), _flat(data.test), data)
    what = (
        f"the first {TRAIN:,} MNIST digits: logistic regression on pixels and on edge histograms, and a small CNN; "
        "accuracy on all test digits"
    )
    numbers = {"pixels": [round(pixels, 4)], "edges": [round(edges, 4)], "network": [round(network, 4)]}
    return {**computed_by(BACKEND), "what": what, "experiment": experiment, "numbers": numbers}


def _edges(part: Part) -> np.ndarray:
    return edge_histogram(part.x[:, 0])


def _flat(part: Part) -> np.ndarray:
    return part.x.reshape(len(part.x), -1)


def _accuracy(train: np.ndarray, test: np.ndarray, data: Prepared) -> float:
    """The test accuracy of logistic regression on these features."""
    return float(LogisticRegression(max_iter=300).fit(train, data.train.y).score(test, data.test.y))
