"""A few noisy points of a sine wave and a small network that learns them, step by step, until it knows the noise by heart."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.arrays import Array
from core.numerics import activations, dense, optimizers
from core.random import generator
from core.recipe.optimizers import Adam


NOISE, JUDGES, STEPS, KEPT = 0.3, 40, 1600, 80
RULE = Adam(learning_rate=0.03)


@dataclass(frozen=True)
class Overfit:
    """Steps at which it was looked at (K,), its errors there, and what it draws."""

    x: Array
    y: Array
    """(n,) the training points; x from 0 to 1."""
    judge_x: Array
    judge_y: Array
    """Validation points."""
    steps: Array
    training: Array
    validation: Array
    """(K,) mean squared errors."""
    grid: Array
    """(G,) places, and what the network draws there at each of the steps (K, G)."""
    drawn: Array

    @property
    def best(self) -> int:
        """Place in `steps` of the lowest validation error."""
        return int(np.argmin(self.validation))

    def stopped(self, patience: int) -> int:
        """Place in `steps` where training ends when so many looks in a row brought no new low."""
        lowest, waited = np.inf, 0
        for index, error in enumerate(self.validation):
            waited = 0 if error < lowest else waited + 1
            lowest = min(lowest, error)
            if waited >= patience:
                return index
        return len(self.validation) - 1


def wave(x):
    """sin(2 pi x)"""
    return np.sin(2 * np.pi * x)


def points(count: int, what: str, seed: int) -> tuple[Array, Array]:
    """Evenly spread places from 0 to 1, the wave there plus N(0, 0.3 squared)."""
    x = np.linspace(0, 1, count)
    return x, wave(x) + NOISE * generator(seed, "sinusoid", what).standard_normal(count)


@lru_cache(maxsize=32)
def overfit(units: int, count: int, seed: int = 5) -> Overfit:
    """A layer of tanh units, a linear one, mean squared error, Adam with all points in each step."""
    x, y = points(count, "training", seed)
    judge_x, judge_y = points(JUDGES, "validation", seed)
    grid = np.linspace(0, 1, 61)
    weights, kept = first(units, seed), set(report_steps().tolist())
    slots = optimizers.empty_slots(RULE, weights)
    results = []
    for count_of_step in range(STEPS + 1):
        if count_of_step in kept:
            errors = [np.mean((out(weights, a)[0] - b) ** 2) for a, b in ((x, y), (judge_x, judge_y))]
            results.append((*errors, out(weights, grid)[0]))
        weights, slots = optimizers.step(
            RULE, weights, slope(weights, x, y), slots, count_of_step + 1, RULE.learning_rate
        )
    training, validation, drawn = zip(*results, strict=True)
    return Overfit(
        x, y, judge_x, judge_y, report_steps(), np.array(training), np.array(validation), grid, np.array(drawn)
    )


def report_steps() -> Array:
    """Steps at which it is looked at: evenly spread on a logarithmic scale, without repetition."""
    return np.unique(np.geomspace(1, STEPS + 1, KEPT).round().astype(int)) - 1


def first(units: int, seed: int) -> optimizers.Arrays:
    rng = generator(seed, "sinusoid", "weights")
    return {
        "inner.weights": rng.normal(0, 6, (units, 1)),
        "inner.biases": rng.normal(0, 3, units),
        "outer.weights": rng.normal(0, 0.3 / np.sqrt(units), (1, units)),
        "outer.biases": np.zeros(1),
    }


def out(weights, x):
    """(n,) -> (n,), and the way back from d(loss)/d(out) to gradients of the weights."""
    z, of_inner = dense.forward(x[:, None], weights["inner.weights"], weights["inner.biases"])
    h, of_tanh = activations.tanh(z)
    y, of_outer = dense.forward(h, weights["outer.weights"], weights["outer.biases"])

    def backprop(dy):
        dh, outer = of_outer(dy[:, None])
        _, inner = of_inner(of_tanh(dh)[0])
        return {f"{layer}.{part}": d for layer, own in (("inner", inner), ("outer", outer)) for part, d in own.items()}

    return y[:, 0], backprop


def slope(weights, x, y) -> optimizers.Arrays:
    result, backprop = out(weights, x)
    return backprop(2 * (result - y) / len(x))
