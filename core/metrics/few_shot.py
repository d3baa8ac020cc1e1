"""How far features carry with few labelled images: logistic regression on some of them, judged on all others."""

import numpy as np

from core.random import generator


def few_shot(
    features: np.ndarray,
    labels: np.ndarray,
    judged: np.ndarray,
    truth: np.ndarray,
    each: int,
    draws: int,
    seed: int = 1,
) -> np.ndarray:
    """(draws,) accuracies on `judged` (M, F) of models fitted to `each` rows a class of `features` (N, F). Draw number k
    takes the same rows whatever the features are. All features are divided by one number, their standard deviation."""
    scale = features.std() or 1.0
    rows = [_drawn(labels, each, generator(seed, "few shot", each, draw)) for draw in range(draws)]
    return np.array([_accuracy(features[r] / scale, labels[r], judged / scale, truth) for r in rows])


def _drawn(labels: np.ndarray, each: int, rng: np.random.Generator) -> np.ndarray:
    return np.concatenate([rng.permutation(np.flatnonzero(labels == k))[:each] for k in np.unique(labels)])


def _accuracy(x: np.ndarray, y: np.ndarray, judged: np.ndarray, truth: np.ndarray) -> float:
    from sklearn.linear_model import LogisticRegression  # half a second of import, for this only

    return float(LogisticRegression(max_iter=200, tol=1e-3).fit(x, y).score(judged, truth))
