"""How useful features are with few labelled images: logistic regression on some of them, tested on all the others."""

import numpy as np

from core.arrays import Array
from core.random import generator


def few_shot(
    features: Array,
    labels: Array,
    judged: Array,
    truth: Array,
    each: int,
    draws: int,
    seed: int = 1,
) -> Array:
    """(draws,) accuracies on `judged` (M, F) of models fitted to `each` rows per class of `features` (N, F).

    Draw number k uses the same rows whatever the features are. All features are divided by their common standard
    deviation.
    """
    scale = features.std() or 1.0
    rows = [_drawn(labels, each, generator(seed, "few shot", each, draw)) for draw in range(draws)]
    return np.array([_accuracy(features[r] / scale, labels[r], judged / scale, truth) for r in rows])


def _drawn(labels: Array, each: int, rng: np.random.Generator) -> Array:
    return np.concatenate([rng.permutation(np.flatnonzero(labels == k))[:each] for k in np.unique(labels)])


def _accuracy(x: Array, y: Array, judged: Array, truth: Array) -> float:
    from sklearn.linear_model import LogisticRegression  # its import takes half a second

    return float(LogisticRegression(max_iter=200, tol=1e-3).fit(x, y).score(judged, truth))
