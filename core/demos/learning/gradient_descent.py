"""Gradient descent on small landscapes: a parabola, a bowl, a hilly line, and a straight line fitted to a few samples."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.numerics.optimizers import sgd
from core.random import generator


FAR = 1e4
"""A path ends where a weight is larger: it has diverged."""


@dataclass(frozen=True)
class Landscape:
    """A loss of one or two weights: `value` and `gradient` take points (N, weights) and give (N,) and (N, weights)."""

    value: Callable
    gradient: Callable
    hessian: Array | None = None
    """Of a quadratic one: where `lowest` is and how its level lines lie."""
    lowest: Array | None = None


PARABOLA = Landscape(lambda w: 2 * w[:, 0] ** 2, lambda w: 4 * w, np.array([[4.0]]), np.zeros(1))
HILLY = Landscape(
    lambda w: 0.15 * w[:, 0] ** 2 + np.sin(1.8 * w[:, 0]) + 1.5,
    lambda w: 0.3 * w + 1.8 * np.cos(1.8 * w),
)


def bowl(steepness: float) -> Landscape:
    """(w1^2 + steepness * w2^2) / 2"""
    return quadratic(np.diag([1.0, steepness]), np.zeros(2))


def quadratic(hessian: Array, lowest: Array, floor: float = 0.0) -> Landscape:
    """floor + (w - lowest)^T H (w - lowest) / 2"""

    def value(w):
        away = w - lowest
        return floor + np.sum(away @ hessian * away, axis=1) / 2

    return Landscape(value, lambda w: (w - lowest) @ hessian, hessian, lowest)


def descend(landscape: Landscape, start, rate: float, steps: int) -> Array:
    """Points (at most steps + 1, weights): w <- w - rate * gradient, until it is far away."""
    path = [np.atleast_1d(np.asarray(start, np.float64))]
    for _ in range(steps):
        if np.abs(path[-1]).max() > FAR:
            break
        path.append(sgd(path[-1], landscape.gradient(path[-1][None])[0], rate))
    return np.array(path)


def level_line(landscape: Landscape, height: float, points: int = 73) -> Array:
    """Where a quadratic landscape of two weights is `height` above its lowest point: a closed line (points, 2).
    w = lowest + sqrt(2 height) H^(-1/2) (cos a, sin a)."""
    assert landscape.hessian is not None  # quadratic ones only
    values, vectors = np.linalg.eigh(landscape.hessian)
    angle = np.linspace(0, 2 * np.pi, points)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return landscape.lowest + np.sqrt(2 * height) * (circle / np.sqrt(values)) @ vectors.T


def line_gradients(x, y, w) -> Array:
    """One a sample: the gradient (N, 2) of (w0 + w1 x - y)^2 / 2 with respect to w0 and w1."""
    x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
    inputs = np.stack([np.ones_like(x), x], axis=1)
    return (inputs @ np.asarray(w, np.float64) - y)[:, None] * inputs


def line_landscape(x, y) -> Landscape:
    """The mean over the samples of (w0 + w1 x - y)^2 / 2."""
    inputs = np.stack([np.ones(len(x)), x], axis=1)
    hessian = inputs.T @ inputs / len(x)
    lowest = np.linalg.solve(hessian, inputs.T @ y / len(x))
    return quadratic(hessian, lowest, float(np.mean((inputs @ lowest - y) ** 2) / 2))


def batch_path(x, y, start, rate: float, batch: int, samples_seen: int, order: str, seed: int = 1) -> Array:
    """Points (steps + 1, 2) of descent on mini-batches, each the mean of `batch` samples, until `looks` samples were
    looked at. `order` is "shuffled" (anew each epoch) or "sorted" (by x, always)."""
    x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
    path, rows = [np.asarray(start, np.float64)], np.array([], np.int64)
    for step in range(samples_seen // batch):
        if len(rows) < batch:
            epoch = step * batch // len(x)
            rows = np.argsort(x) if order == "sorted" else generator(seed, "batches", epoch).permutation(len(x))
        some, rows = rows[:batch], rows[batch:]
        if np.abs(path[-1]).max() > FAR:
            break
        path.append(sgd(path[-1], line_gradients(x[some], y[some], path[-1]).mean(axis=0), rate))
    return np.array(path)


def noisy_line(count: int, seed: int = 1) -> tuple[Array, Array]:
    """Samples of y = 0.5 + 1.2 x with noise, x from -1 to 2."""
    rng = generator(seed, "noisy line")
    x = np.linspace(-1, 2, count)
    return x, 0.5 + 1.2 * x + rng.normal(0, 0.5, count)
