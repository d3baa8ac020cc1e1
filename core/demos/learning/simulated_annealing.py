"""Simulated annealing on a hilly curve: random steps, accepted less and less often uphill as the temperature falls."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from core.arrays import Array
from core.demos.learning.gradient_descent import HILLY, Landscape
from core.random import generator


REACH = 5.0
"""Walkers stay between -REACH and REACH."""

STRIDE = 0.6
"""Standard deviation of a proposed step."""

CLOSE = 0.3
"""A walker has arrived if its loss is at most this far above the lowest one."""


def acceptance(rise: ArrayLike, temperature: ArrayLike) -> Array:
    """The probability of accepting a step that changes the loss by `rise`.

    It is 1 downhill and exp(-rise / temperature) uphill; at temperature 0 no uphill step is accepted. (Metropolis et
    al. 1953, "Equation of state calculations by fast computing machines", J. Chem. Phys. 21, 1087.)
    """
    rise, temperature = np.broadcast_arrays(np.asarray(rise, np.float64), np.asarray(temperature, np.float64))
    warm = np.where(temperature > 0, temperature, 1.0)
    uphill = np.where(temperature > 0, np.exp(-np.maximum(rise, 0) / warm), 0.0)
    return np.where(rise <= 0, 1.0, uphill)


def temperatures(first: float, factor: float, steps: int) -> Array:
    """(steps,): the temperature of each step, multiplied by `factor` after each. (Kirkpatrick, Gelatt and Vecchi 1983,
    "Optimization by simulated annealing", Science 220, 671, also cool by a constant factor.)"""
    return np.asarray(first * factor ** np.arange(steps))


@dataclass(frozen=True)
class Walk:
    """W walkers over S steps. `positions` and `losses` are (S + 1, W), the start included; the others are (S, W)."""

    temperatures: Array
    """(S,)"""
    positions: Array
    losses: Array
    tried: Array
    """The positions that the proposed steps lead to."""
    rises: Array
    """How much each proposed step would change the loss."""
    chances: Array
    """The acceptance probabilities."""
    drawn: Array
    """Uniform random numbers from 0 to 1: a step is accepted if its number is below the acceptance probability."""
    taken: Array
    """Whether each step is accepted."""


def anneal(start: float, cooling: Array, seeds: Iterable[int], landscape: Landscape = HILLY) -> Walk:
    """One walker per seed, all from `start`, one step per temperature in `cooling` (S,).

    The proposed steps and the random numbers depend only on the seed, not on the temperature. A step beyond the edge
    ends at the edge.
    """
    jumps, drawn = (
        np.stack(each, axis=1) for each in zip(*(random_draws(seed, len(cooling)) for seed in seeds), strict=True)
    )
    positions = [np.full(jumps.shape[1], float(start))]
    losses = [landscape.value(positions[0][:, None])]
    tried, rises, chances, taken = [], [], [], []
    for jump, draw, temperature in zip(jumps, drawn, cooling, strict=True):
        proposed = np.clip(positions[-1] + jump, -REACH, REACH)
        loss = landscape.value(proposed[:, None])
        chances.append(acceptance(loss - losses[-1], temperature))
        tried.append(proposed)
        rises.append(loss - losses[-1])
        taken.append(draw < chances[-1])
        positions.append(np.where(taken[-1], proposed, positions[-1]))
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
    """All random numbers of one walker: the steps it proposes and the numbers it draws, (steps,) each."""
    tried = STRIDE * generator(seed, "annealing", "steps").normal(size=steps)
    return tried, generator(seed, "annealing", "draws").random(steps)


def lowest(landscape: Landscape = HILLY) -> tuple[float, float]:
    """The position of the minimum between the edges, on a grid of 0.0005, and the loss there."""
    grid = np.linspace(-REACH, REACH, 20_001)
    losses = landscape.value(grid[:, None])
    return float(grid[losses.argmin()]), float(losses.min())


def arrived(walk: Walk, landscape: Landscape = HILLY) -> float:
    """The share of the walkers that end at most CLOSE above the lowest loss."""
    return float(np.mean(walk.losses[-1] <= lowest(landscape)[1] + CLOSE))
