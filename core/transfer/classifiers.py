"""Simple classifiers on features. They and the scaling of the features are fitted to the training images only."""

import warnings
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from core.arrays import Array
from core.backend import Backend
from core.network.initial_weights import initial_weights
from core.network.layers import Dense, Flatten
from core.network.network import Network
from core.random import generator
from core.recipe.optimizers import Adam
from core.recipe.training import TrainingRecipe
from core.transfer.plan import Classifier


NEIGHBORS = 5
HEAD_STEPS, HEAD_BATCH, HEAD_RATE = 500, 32, 0.003
"""How a new head is trained: this many steps of Adam, each on this many images drawn with replacement; the learning
rate falls linearly to 0."""
WORDS: dict[Classifier, str] = {
    "logistic_regression": "Logistic regression with an L2 penalty (C = 1).",
    "linear_svm": "A linear support vector machine (C = 1), one against one.",
    "nearest_neighbors": f"A vote of the {NEIGHBORS} nearest training images (Euclidean distance).",
    "new_head": f"A dense layer with softmax, trained by {HEAD_STEPS:,} steps of Adam on {HEAD_BATCH} images each.",
}


def predicted(classifier: Classifier, x: Array, y: Array, test: Array, backend: Backend, seed: int) -> Array:
    """Classes (M,) of test features (M, F), learned from features x (N, F) and labels y (N,) from 0 to K - 1. `backend`
    trains the new head, on the CPU.

    Features are scaled first: minus the mean of each, divided by the standard deviation of all, both from x.
    """
    x, test = scaled(x, test)
    with threadpool_limits(1):  # matrices this small gain nothing from more
        match classifier:
            case "new_head":
                return _new_head(x, y, test, backend, seed)
            case "linear_svm":
                return _linear_svm(x, y, test)
            case "nearest_neighbors":
                return _neighbors(x, y, test)
        return _logistic_regression(x, y, test)


def scaled(x: Array, test: Array) -> tuple[Array, Array]:
    """Both in the units of x: mean 0 for each feature, standard deviation 1 over all of them."""
    mean = x.mean(axis=0)
    centered = x - mean
    deviation = np.sqrt(np.mean(np.square(centered, dtype=np.float64))).astype(x.dtype) or x.dtype.type(1)
    return centered / deviation, (test - mean) / deviation


def _logistic_regression(x: Array, y: Array, test: Array) -> Array:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression  # its import takes half a second

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # it has come close enough to count right answers
        return _answers(LogisticRegression(max_iter=300, tol=1e-3).fit(x, y), test)


def _linear_svm(x: Array, y: Array, test: Array) -> Array:
    """From the products of all pairs of images, which are faster to compute here than inside libsvm."""
    from sklearn.svm import SVC

    return _answers(SVC(kernel="precomputed", C=1.0).fit(x @ x.T, y), test @ x.T)


def _neighbors(x: Array, y: Array, test: Array) -> Array:
    from sklearn.neighbors import KNeighborsClassifier

    return _answers(KNeighborsClassifier(min(NEIGHBORS, len(x)), algorithm="brute").fit(x, y), test)


def _answers(fitted: Any, test: Array) -> Array:
    return np.asarray(fitted.predict(test))


def _new_head(x: Array, y: Array, test: Array, backend: Backend, seed: int) -> Array:
    network = Network(
        input_shape=(x.shape[1], 1, 1), layers=(Flatten(name="flatten1"), Dense(name="dense1", units=int(y.max()) + 1))
    )
    recipe = TrainingRecipe(optimizer=Adam(learning_rate=HEAD_RATE), batch_size=HEAD_BATCH, steps=HEAD_STEPS)
    model = backend.build(network, initial_weights(network, seed, recipe.precision), recipe)
    model.load(_as_images(x), y)
    order = generator(seed, "new head").integers(0, len(x), (HEAD_STEPS, HEAD_BATCH))
    model.steps(order, np.linspace(HEAD_RATE, 0, HEAD_STEPS), {})
    answers: Array = np.argmax(model.predict(_as_images(test)), axis=1)
    return answers


def _as_images(features: Array) -> Array:
    return features.reshape(*features.shape, 1, 1).astype(np.float32)
