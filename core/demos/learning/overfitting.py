"""A few noisy points of a sine wave, and a small network that fits them until it has memorised the noise."""

from collections.abc import Callable
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
    """A training run: the points, the errors at K recorded steps, and the network's curve at each of them."""

    x: Array
    """(n,): the training points, x from 0 to 1."""
    y: Array
    judge_x: Array
    """The validation points."""
    judge_y: Array
    steps: Array
    """(K,): the recorded steps."""
    training: Array
    """(K,): mean squared errors on the training points."""
    validation: Array
    """(K,): mean squared errors on the validation points."""
    grid: Array
    """(G,): the x values at which the network's curve is drawn."""
    drawn: Array
    """(K, G): the network's output there at each recorded step."""

    @property
    def best(self) -> int:
        """The index in `steps` of the lowest validation error."""
        return int(np.argmin(self.validation))

    def stopped(self, patience: int) -> int:
        """The index in `steps` where training stops after `patience` recorded steps in a row without a new minimum."""
        lowest, waited = np.inf, 0
        for index, error in enumerate(self.validation):
            waited = 0 if error < lowest else waited + 1
            lowest = min(lowest, error)
            if waited >= patience:
                return index
        return len(self.validation) - 1


def wave(x: Array) -> Array:
    """sin(2 pi x)"""
    return np.asarray(np.sin(2 * np.pi * x))


def points(count: int, what: str, seed: int) -> tuple[Array, Array]:
    """Evenly spaced x from 0 to 1, and the wave at each plus noise N(0, 0.3 squared)."""
    x = np.linspace(0, 1, count)
    return x, wave(x) + NOISE * generator(seed, "sinusoid", what).standard_normal(count)


@lru_cache(maxsize=32)
def overfit(units: int, count: int, seed: int = 5) -> Overfit:
    """Train a layer of tanh units and a linear unit with mean squared error and Adam, all points in every step."""
    x, y = points(count, "training", seed)
    judge_x, judge_y = points(JUDGES, "validation", seed)
    grid = np.linspace(0, 1, 61)
    weights, recorded = first(units, seed), set(report_steps().tolist())
    slots = optimizers.empty_slots(RULE, weights)
    training, validation, drawn = [], [], []
    for done in range(STEPS + 1):
        if done in recorded:
            training.append(np.mean((out(weights, x)[0] - y) ** 2))
            validation.append(np.mean((out(weights, judge_x)[0] - judge_y) ** 2))
            drawn.append(out(weights, grid)[0])
        weights, slots = optimizers.step(RULE, weights, slope(weights, x, y), slots, done + 1, RULE.learning_rate)
    return Overfit(
        x, y, judge_x, judge_y, report_steps(), np.array(training), np.array(validation), grid, np.array(drawn)
    )


def report_steps() -> Array:
    """The steps to record: evenly spaced on a logarithmic scale, without repetition."""
    return np.unique(np.geomspace(1, STEPS + 1, KEPT).round().astype(int)) - 1


def first(units: int, seed: int) -> optimizers.Arrays:
    """The initial weights."""
    rng = generator(seed, "sinusoid", "weights")
    return {
        "inner.weights": rng.normal(0, 6, (units, 1)),
        "inner.biases": rng.normal(0, 3, units),
        "outer.weights": rng.normal(0, 0.3 / np.sqrt(units), (1, units)),
        "outer.biases": np.zeros(1),
    }


def out(weights: optimizers.Arrays, x: Array) -> tuple[Array, Callable[[Array], optimizers.Arrays]]:
    """The output of the network, (n,) -> (n,), and the backward pass from d(loss)/d(out) to the weights' gradients."""
    z, through_inner = dense.forward(x[:, None], weights["inner.weights"], weights["inner.biases"])
    h, through_tanh = activations.tanh(z)
    y, through_outer = dense.forward(h, weights["outer.weights"], weights["outer.biases"])

    def backprop(dy: Array) -> optimizers.Arrays:
        dh, outer = through_outer(dy[:, None])
        _, inner = through_inner(through_tanh(dh)[0])
        layers = {"inner": inner, "outer": outer}
        return {f"{layer}.{part}": d for layer, gradients in layers.items() for part, d in gradients.items()}

    return y[:, 0], backprop


def slope(weights: optimizers.Arrays, x: Array, y: Array) -> optimizers.Arrays:
    """The gradients of the mean squared error."""
    predicted, backprop = out(weights, x)
    return backprop(2 * (predicted - y) / len(x))
