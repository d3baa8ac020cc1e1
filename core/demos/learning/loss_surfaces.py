"""Loss surfaces over two parameters with their gradients, and the paths that optimizers take down them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import numpy as np

from core.arrays import Array
from core.demos.learning.optimizer_trace import optimizer
from core.numerics import optimizers
from core.recipe.optimizers import Optimizer


@dataclass(frozen=True)
class Surface:
    height: Callable[[Array], Array]
    """(..., 2) -> (...)"""
    slope: Callable[[Array], Array]
    """The gradient, (2,) -> (2,)."""
    start: tuple[float, float]
    reach: tuple[float, float]
    """The part that is shown: from -reach to reach, horizontally and vertically."""


def _valley(p: Array) -> Array:
    return np.asarray(0.5 * (0.01 * p[..., 0] ** 2 + 2 * p[..., 1] ** 2))


def _bend(p: Array) -> Array:
    return np.asarray(0.05 * (1.5 - p[..., 0]) ** 2 + 0.5 * (p[..., 1] - 0.4 * p[..., 0] ** 2 + 1) ** 2)


def _bend_slope(p: Array) -> Array:
    distance = p[1] - 0.4 * p[0] ** 2 + 1
    return np.array([-0.1 * (1.5 - p[0]) - 0.8 * p[0] * distance, distance])


def _saddle(p: Array) -> Array:
    return np.asarray(0.5 * p[..., 0] ** 2 - 0.5 * p[..., 1] ** 2 + 0.125 * p[..., 1] ** 4)


SURFACES = {
    "valley": Surface(_valley, lambda p: np.array([0.01 * p[0], 2 * p[1]]), (-3.5, 1.2), (4.0, 2.0)),
    "bend": Surface(_bend, _bend_slope, (-2.5, 1.0), (4.0, 2.0)),
    "saddle": Surface(_saddle, lambda p: np.array([p[0], -p[1] + 0.5 * p[1] ** 3]), (-3.0, 0.02), (4.0, 2.5)),
}
"""A long narrow valley, 200 times as steep across as along; a curved valley; a saddle with a minimum on each side."""

FAR = 1e6
"""A path stops when a parameter reaches this: it has diverged."""


def path(surface: str, kind: str, rate: float, steps: int) -> Array:
    """(steps + 1, 2): the path of an optimizer from the surface's start; it stays put once it is a million away."""
    landscape, rule = SURFACES[surface], cast(Optimizer, optimizer(kind, rate))
    weights: dict[str, Array] = {"p": np.array(landscape.start)}
    slots, points = optimizers.empty_slots(rule, weights), [weights["p"]]
    for count in range(1, steps + 1):
        if np.abs(weights["p"]).max() < FAR:
            weights, slots = optimizers.step(rule, weights, {"p": landscape.slope(weights["p"])}, slots, count, rate)
        points.append(weights["p"])
    return np.array(points)


def heights(surface: str, points: Array) -> Array:
    """The height of a surface at points: (N, 2) -> (N,)."""
    return SURFACES[surface].height(points)


def relief(surface: str, columns: int = 72, rows: int = 36) -> Array:
    """(rows, columns): the heights at the centres of the cells of the part that is shown, the top row first."""
    across, up = SURFACES[surface].reach
    x = (np.arange(columns) + 0.5) / columns * 2 * across - across
    y = up - (np.arange(rows) + 0.5) / rows * 2 * up
    return heights(surface, np.stack(np.meshgrid(x, y), axis=-1))
