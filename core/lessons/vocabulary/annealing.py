"""Simulated annealing: how likely an uphill step is accepted, and where many walkers on the hilly curve end up."""

from functools import lru_cache

from numpy.typing import ArrayLike

from core.arrays import Array
from core.demos.learning import simulated_annealing
from core.demos.learning.gradient_descent import HILLY, descend


__all__ = ["annealed_height", "annealing_arrives", "annealing_chance", "hilly_descent", "hilly_lowest"]

START, STEPS, WALKERS = 4.5, 200, 200


def annealing_chance(rise: ArrayLike, temperature: ArrayLike) -> Array:
    """The probability of accepting a step that raises the loss by `rise`."""
    return simulated_annealing.acceptance(rise, temperature)


def annealing_arrives(first: float, factor: float = 0.985) -> float:
    """The percentage of 200 walkers from 4.5 that end near the minimum after 200 steps; `first` is the temperature."""
    return 100 * simulated_annealing.arrived(_walk(first, factor))


def annealed_height(first: float, factor: float = 0.985) -> float:
    """The mean final loss of these walkers."""
    return float(_walk(first, factor).losses[-1].mean())


def hilly_lowest() -> float:
    """The lowest loss on the hilly curve."""
    return simulated_annealing.lowest()[1]


def hilly_descent(rate: float = 0.1) -> float:
    """The final loss of plain gradient descent from 4.5."""
    return float(HILLY.value(descend(HILLY, START, rate, STEPS)[-1:])[0])


@lru_cache(maxsize=50)
def _walk(first: float, factor: float) -> simulated_annealing.Walk:
    return simulated_annealing.anneal(START, simulated_annealing.temperatures(first, factor, STEPS), range(WALKERS))
