"""Undersampling versus oversampling, drawn repeatedly: logistic regression on clouds of 1,000 and 100 points."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.stats import norm
from threadpoolctl import ThreadpoolController

from core.arrays import Array
from core.random import generator


@dataclass(frozen=True)
class Clouds:
    """Two classes, each N(0, 1) in every direction, with their means `distance` apart."""

    dimensions: int = 20
    common: int = 1000
    rare: int = 100
    distance: float = 1.6
    noise: float = 0.3
    """Standard deviation of the noise added to noisy copies."""


@dataclass(frozen=True)
class Drawn:
    """The scores of every draw, (draws,) each."""

    balanced_error: Array
    """The mean of the two classes' error rates."""
    accuracy: Array
    """With the class shares of the training set."""


@dataclass(frozen=True)
class Shifted:
    """The scores at each strength, (strengths,) each."""

    recall: Array
    """Of the rare class."""
    precision: Array
    """Of the rare class, with the class shares of the training set."""
    accuracy: Array
    """With the class shares of the training set."""


REMEDIES = ("none", "undersample", "repeat", "weights", "repeat and noise")


def simulate(
    clouds: Clouds, draws: int, seed: int = 1, progress: Callable[[float], object] = lambda share: None
) -> dict[str, Drawn]:
    """The scores of every remedy, by its name; all remedies get the same draws.

    The errors are exact, not estimates: for a plane between two Gaussians they can be computed.
    """
    with ThreadpoolController().limit(limits=1, user_api="blas"):  # the products are too small to share among threads
        return _simulate(clouds, draws, seed, progress)


def _simulate(clouds: Clouds, draws: int, seed: int, progress: Callable[[float], object]) -> dict[str, Drawn]:
    errors: dict[str, list[tuple[float, float]]] = {name: [] for name in REMEDIES}
    for draw in range(draws):
        x, y = _points(clouds, generator(seed, "clouds", draw))
        for name in REMEDIES:
            rng = generator(seed, "resampled", name, draw)
            errors[name].append(_errors(clouds, *_fitted(name, x, y, clouds, rng)))
        progress((draw + 1) / draws)
    return {name: _drawn(clouds, np.array(pairs)) for name, pairs in errors.items()}


def _points(clouds: Clouds, rng: np.random.Generator) -> tuple[Array, Array]:
    y = np.repeat([0, 1], [clouds.common, clouds.rare])
    x = rng.normal(size=(len(y), clouds.dimensions))
    x[y == 1] += clouds.distance / np.sqrt(clouds.dimensions)
    return x, y


def _fitted(name: str, x: Array, y: Array, clouds: Clouds, rng: np.random.Generator) -> tuple[Array, float]:
    """(direction (D,), offset) of the plane that logistic regression finds after a remedy."""
    from sklearn.linear_model import LogisticRegression  # takes half a second to import, and only this needs it

    weights = "balanced" if name == "weights" else None
    x, y = _resampled(name, x, y, clouds, rng)
    model = LogisticRegression(class_weight=weights, solver="newton-cholesky").fit(x, y)
    return model.coef_[0], float(model.intercept_[0])


def _resampled(name: str, x: Array, y: Array, clouds: Clouds, rng: np.random.Generator) -> tuple[Array, Array]:
    common, rare = np.flatnonzero(y == 0), np.flatnonzero(y == 1)
    if name == "undersample":
        rows = np.concatenate([rng.permutation(common)[: len(rare)], rare])
        return x[rows], y[rows]
    if not name.startswith("repeat"):
        return x, y
    copies = np.resize(rare, len(common) - len(rare))
    added = x[copies]
    if name == "repeat and noise":
        added = added + rng.normal(0, clouds.noise, added.shape)
    return np.concatenate([x, added]), np.concatenate([y, y[copies]])


def _errors(clouds: Clouds, direction: Array, offset: float) -> tuple[float, float]:
    """The error rates of the common and the rare class.

    w x + b is distributed as N(b, |w|^2) in the common class and as N(w m + b, |w|^2) in the rare one.
    """
    length = float(np.linalg.norm(direction))
    to_rare = direction.sum() * clouds.distance / np.sqrt(clouds.dimensions) + offset
    return float(norm.cdf(offset / length)), float(norm.cdf(-to_rare / length))


def _drawn(clouds: Clouds, errors: Array) -> Drawn:
    """The scores from `errors` (draws, 2), the error rates of the common and the rare class."""
    share = clouds.rare / (clouds.common + clouds.rare)
    return Drawn(errors.mean(axis=1), 1 - errors @ np.array([1 - share, share]))


def thresholds_moved(clouds: Clouds, strengths: Array, seed: int = 1) -> Shifted:
    """One draw, fitted without a remedy; then the odds of the rare class are multiplied by (common / rare) ** strength.

    Strength 0 leaves the plane where it is; 1 removes the effect of the class shares in training (Bayes' rule).
    """
    rng = generator(seed, "clouds", 0)
    direction, offset = _fitted("none", *_points(clouds, rng), clouds, rng)
    shift = np.log(clouds.common / clouds.rare)
    errors = np.array([_errors(clouds, direction, offset + strength * shift) for strength in strengths])
    false_positives, true_positives = errors[:, 0] * clouds.common, (1 - errors[:, 1]) * clouds.rare
    correct = true_positives + clouds.common - false_positives
    return Shifted(
        recall=1 - errors[:, 1],
        precision=true_positives / (true_positives + false_positives),
        accuracy=correct / (clouds.common + clouds.rare),
    )
