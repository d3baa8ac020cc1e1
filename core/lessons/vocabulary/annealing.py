"""Simulated annealing: the chance of a step uphill, and where many walkers on the hilly line end."""

from functools import lru_cache

from core.demos.learning import simulated_annealing
from core.demos.learning.gradient_descent import HILLY, descend


__all__ = ["annealed_height", "annealing_arrives", "annealing_chance", "hilly_descent", "hilly_lowest"]

START, STEPS, WALKERS = 4.5, 200, 200


def annealing_chance(rise, temperature):
    """The chance that a step which raises the loss by `rise` is taken."""
    return simulated_annealing.acceptance(rise, temperature)


def annealing_arrives(first: float, factor: float = 0.985) -> float:
    """Percent of 200 walkers from 4.5 that end near the lowest point after 200 steps, the first at this temperature."""
    return 100 * simulated_annealing.arrived(_walk(first, factor))


def annealed_height(first: float, factor: float = 0.985) -> float:
    """The mean loss at which they end."""
    return float(_walk(first, factor).losses[-1].mean())


def hilly_lowest() -> float:
    """The lowest loss of the hilly line."""
    return simulated_annealing.lowest()[1]


def hilly_descent(rate: float = 0.1) -> float:
    """The loss at which plain gradient descent from 4.5 ends."""
    return float(HILLY.value(descend(HILLY, START, rate, STEPS)[-1:])[0])


@lru_cache(maxsize=50)
def _walk(first: float, factor: float) -> simulated_annealing.Walk:
    return simulated_annealing.anneal(START, simulated_annealing.temperatures(first, factor, STEPS), range(WALKERS))
