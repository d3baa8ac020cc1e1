"""Simulated annealing on a hilly line: steps at random, each taken with a chance that falls with the temperature."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.demos.learning.gradient_descent import HILLY, Landscape
from core.random import generator


REACH = 5.0
"""Walkers stay between -REACH and REACH."""

STRIDE = 0.6
"""Standard deviation of a step that is tried."""

CLOSE = 0.3
"""A walker has arrived where its loss is at most this far above the lowest one."""


def acceptance(rise, temperature) -> Array:
    """The chance to take a step that changes the loss by `rise`: 1 downhill, exp(-rise / temperature) uphill; at
    temperature 0 nothing leads uphill. (Metropolis et al. 1953, "Equation of state calculations by fast computing
    machines", J. Chem. Phys. 21, 1087.)"""
    rise, temperature = np.broadcast_arrays(np.asarray(rise, np.float64), np.asarray(temperature, np.float64))
    warm = np.where(temperature > 0, temperature, 1.0)
    uphill = np.where(temperature > 0, np.exp(-np.maximum(rise, 0) / warm), 0.0)
    return np.where(rise <= 0, 1.0, uphill)


def temperatures(first: float, factor: float, steps: int) -> Array:
    """(steps,): the temperature of each step, times `factor` after each. (Kirkpatrick, Gelatt and Vecchi 1983,
    "Optimization by simulated annealing", Science 220, 671, cool by such factors, too.)"""
    return first * factor ** np.arange(steps)


@dataclass(frozen=True)
class Walk:
    """W walkers over S steps. `places` and `losses` are (S + 1, W), the start included, the others (S, W)."""

    temperatures: Array
    """(S,)"""
    positions: Array
    losses: Array
    tried: Array
    """Where the step would lead."""
    rises: Array
    """By how much the loss would change."""
    chances: Array
    drawn: Array
    """Even chance from 0 to 1: the step is taken where this is below the chance."""
    taken: Array


def anneal(start: float, cooling: Array, seeds: Iterable[int], landscape: Landscape = HILLY) -> Walk:
    """One walker a seed, all from `start`, one step for each temperature of `cooling` (S,). The steps that are tried and
    the numbers drawn depend on the seed alone, not on the temperature. A step beyond the edge ends at the edge."""
    jumps, drawn = (
        np.stack(each, axis=1) for each in zip(*(random_draws(seed, len(cooling)) for seed in seeds), strict=True)
    )
    positions = [np.full(jumps.shape[1], float(start))]
    losses = [landscape.value(positions[0][:, None])]
    tried, rises, chances, taken = [], [], [], []
    for jump, draw, temperature in zip(jumps, drawn, cooling, strict=True):
        there = np.clip(positions[-1] + jump, -REACH, REACH)
        loss = landscape.value(there[:, None])
        chances.append(acceptance(loss - losses[-1], temperature))
        tried.append(there)
        rises.append(loss - losses[-1])
        taken.append(draw < chances[-1])
        positions.append(np.where(taken[-1], there, positions[-1]))
        losses.append(np.where(taken[-1], loss, losses[-1]))
    return Walk(
        temperatures=cooling,
        positions=np.array(positions),
        losses=np.array(losses),
        tried=np.array(tried),
        rises=np.array(rises),
        chances=np.array(chances),
        drawn=drawn,
        taken=np.array(taken),
    )


def random_draws(seed: int, steps: int) -> tuple[Array, Array]:
    """All the luck of one walker: the steps it tries, and the numbers it draws, (steps,) each."""
    tried = STRIDE * generator(seed, "annealing", "steps").normal(size=steps)
    return tried, generator(seed, "annealing", "draws").random(steps)


def lowest(landscape: Landscape = HILLY) -> tuple[float, float]:
    """Where the landscape is lowest between the edges, and how low, to a thousandth of a step."""
    grid = np.linspace(-REACH, REACH, 20_001)
    losses = landscape.value(grid[:, None])
    return float(grid[losses.argmin()]), float(losses.min())


def arrived(walk: Walk, landscape: Landscape = HILLY) -> float:
    """The share of the walkers that end at most CLOSE above the lowest loss."""
    return float(np.mean(walk.losses[-1] <= lowest(landscape)[1] + CLOSE))
