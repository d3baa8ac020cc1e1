"""Under- against oversampling, drawn again and again: two Gaussian clouds, 1,000 points against 100, logistic regression."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.stats import norm
from threadpoolctl import ThreadpoolController

from core.arrays import Array
from core.random import generator


@dataclass(frozen=True)
class Clouds:
    """Two classes N(0, 1) in every direction, the means `distance` apart."""

    dimensions: int = 20
    common: int = 1000
    rare: int = 100
    distance: float = 1.6
    noise: float = 0.3
    """Standard deviation of what is added to noisy copies."""


@dataclass(frozen=True)
class Drawn:
    """Of every draw, (draws,) each."""

    balanced_error: Array
    """The mean of the two classes' error rates."""
    accuracy: Array
    """On images with the shares of training."""


@dataclass(frozen=True)
class Shifted:
    """At each strength, (strengths,) each."""

    recall: Array
    """Of the rare class."""
    precision: Array
    """Of the rare class, with the shares of training."""
    accuracy: Array


REMEDIES = ("none", "undersample", "repeat", "weights", "repeat and noise")


@ThreadpoolController().wrap(limits=1, user_api="blas")  # the products are small: threads would only wait
def simulate(
    clouds: Clouds, draws: int, seed: int = 1, progress: Callable[[float], object] = lambda share: None
) -> dict[str, Drawn]:
    """By remedy. Every remedy gets the same draws. The errors are no estimates: of a plane between two Gaussians they are
    known exactly."""
    result: dict[str, list[tuple[float, float]]] = {name: [] for name in REMEDIES}
    for draw in range(draws):
        x, y = _points(clouds, generator(seed, "clouds", draw))
        for name in REMEDIES:
            result[name].append(_errors(clouds, *_fitted(name, x, y, clouds, generator(seed, "resampled", name, draw))))
        progress((draw + 1) / draws)
    return {name: _drawn(clouds, np.array(errors)) for name, errors in result.items()}


def _points(clouds: Clouds, rng: np.random.Generator) -> tuple[Array, Array]:
    y = np.repeat([0, 1], [clouds.common, clouds.rare])
    x = rng.normal(size=(len(y), clouds.dimensions))
    x[y == 1] += clouds.distance / np.sqrt(clouds.dimensions)
    return x, y


def _fitted(name: str, x, y, clouds: Clouds, rng: np.random.Generator) -> tuple[Array, float]:
    """(direction (D,), offset) of the plane that logistic regression finds after the remedy."""
    from sklearn.linear_model import LogisticRegression  # half a second of import, for this only

    weights = "balanced" if name == "weights" else None
    x, y = _resampled(name, x, y, clouds, rng)
    model = LogisticRegression(class_weight=weights, solver="newton-cholesky").fit(x, y)
    return model.coef_[0], float(model.intercept_[0])


def _resampled(name: str, x, y, clouds: Clouds, rng: np.random.Generator):
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
    """How often each class is taken for the other: w x + b is N(b, |w|^2) in one class and N(w m + b, |w|^2) in the other."""
    length = float(np.linalg.norm(direction))
    to_rare = direction.sum() * clouds.distance / np.sqrt(clouds.dimensions) + offset
    return float(norm.cdf(offset / length)), float(norm.cdf(-to_rare / length))


def _drawn(clouds: Clouds, errors: Array) -> Drawn:
    """`errors` (draws, 2) of the common and the rare class."""
    share = clouds.rare / (clouds.common + clouds.rare)
    return Drawn(errors.mean(axis=1), 1 - errors @ np.array([1 - share, share]))


def thresholds_moved(clouds: Clouds, strengths: Array, seed: int = 1) -> Shifted:
    """One draw, fitted without a remedy; then the odds of the rare class times (common / rare) ** strength: 0 leaves the
    plane where it is, 1 takes the shares of training out of it (Bayes' rule)."""
    rng = generator(seed, "clouds", 0)
    direction, offset = _fitted("none", *_points(clouds, rng), clouds, rng)
    shift = np.log(clouds.common / clouds.rare)
    errors = np.array([_errors(clouds, direction, offset + strength * shift) for strength in strengths])
    said_wrongly, result = errors[:, 0] * clouds.common, (1 - errors[:, 1]) * clouds.rare
    right = result + clouds.common - said_wrongly
    return Shifted(1 - errors[:, 1], result / (result + said_wrongly), right / (clouds.common + clouds.rare))
