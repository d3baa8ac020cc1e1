"""Gradient descent on small loss landscapes: a parabola, a bowl, a hilly curve, a straight line fitted to samples."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from core.arrays import Array
from core.numerics.optimizers import sgd
from core.random import generator


FAR = 1e4
"""A path ends when a weight exceeds this: it has diverged."""


@dataclass(frozen=True)
class Landscape:
    """A loss of one or two weights."""

    value: Callable[[Array], Array]
    """(N, weights) -> (N,)"""
    gradient: Callable[[Array], Array]
    """(N, weights) -> (N, weights)"""
    hessian: Array | None = None
    """Of a quadratic landscape; it determines the contour lines."""
    lowest: Array | None = None
    """The minimum of a quadratic landscape."""


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

    def value(w: Array) -> Array:
        distance = w - lowest
        return np.asarray(floor + np.sum(distance @ hessian * distance, axis=1) / 2)

    return Landscape(value, lambda w: (w - lowest) @ hessian, hessian, lowest)


def descend(landscape: Landscape, start: ArrayLike, rate: float, steps: int) -> Array:
    """(at most steps + 1, weights): the path of w <- w - rate * gradient, until it diverges."""
    path = [np.atleast_1d(np.asarray(start, np.float64))]
    for _ in range(steps):
        if np.abs(path[-1]).max() > FAR:
            break
        path.append(sgd(path[-1], landscape.gradient(path[-1][None])[0], rate))
    return np.array(path)


def level_line(landscape: Landscape, height: float, points: int = 73) -> Array:
    """(points, 2): the closed contour line on which a quadratic landscape is `height` above its minimum.

    w = lowest + sqrt(2 height) H^(-1/2) (cos a, sin a).
    """
    assert landscape.hessian is not None  # only quadratic landscapes
    assert landscape.lowest is not None
    values, vectors = np.linalg.eigh(landscape.hessian)
    angle = np.linspace(0, 2 * np.pi, points)
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return np.asarray(landscape.lowest + np.sqrt(2 * height) * (circle / np.sqrt(values)) @ vectors.T)


def line_gradients(x: ArrayLike, y: ArrayLike, w: ArrayLike) -> Array:
    """(N, 2): for each sample the gradient of (w0 + w1 x - y)^2 / 2 with respect to w0 and w1."""
    x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
    inputs = np.stack([np.ones_like(x), x], axis=1)
    return np.asarray((inputs @ np.asarray(w, np.float64) - y)[:, None] * inputs)


def line_landscape(x: Array, y: Array) -> Landscape:
    """The loss of fitting a line: the mean over the samples of (w0 + w1 x - y)^2 / 2."""
    inputs = np.stack([np.ones(len(x)), x], axis=1)
    hessian = inputs.T @ inputs / len(x)
    lowest = np.linalg.solve(hessian, inputs.T @ y / len(x))
    return quadratic(hessian, lowest, float(np.mean((inputs @ lowest - y) ** 2) / 2))


def batch_path(
    x: ArrayLike,
    y: ArrayLike,
    start: ArrayLike,
    rate: float,
    batch: int,
    samples_seen: int,
    order: str,
    seed: int = 1,
) -> Array:
    """(steps + 1, 2): the path of gradient descent on mini-batches of `batch` samples, `samples_seen` in all.

    `order` is "shuffled" (anew in each epoch) or "sorted" (always by x).
    """
    x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
    path, rows = [np.asarray(start, np.float64)], np.array([], np.int64)
    for step in range(samples_seen // batch):
        if len(rows) < batch:
            epoch = step * batch // len(x)
            rows = np.argsort(x) if order == "sorted" else generator(seed, "batches", epoch).permutation(len(x))
        current, rows = rows[:batch], rows[batch:]
        if np.abs(path[-1]).max() > FAR:
            break
        path.append(sgd(path[-1], line_gradients(x[current], y[current], path[-1]).mean(axis=0), rate))
    return np.array(path)


def noisy_line(count: int, seed: int = 1) -> tuple[Array, Array]:
    """Samples of y = 0.5 + 1.2 x with noise, x from -1 to 2."""
    rng = generator(seed, "noisy line")
    x = np.linspace(-1, 2, count)
    return x, 0.5 + 1.2 * x + rng.normal(0, 0.5, count)
