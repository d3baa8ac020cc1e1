"""Dropout at work: the hidden activations of one real digit, and what remains of them in each of several steps."""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.demos.learning import initialization
from core.network.initializers import GlorotUniform
from core.network.layers import Dense, Dropout, Flatten
from core.network.network import Network
from core.numerics import dropout


ROWS, COLUMNS, STEPS = 5, 10, 12
SIDE = 28


@dataclass(frozen=True)
class DropoutSteps:
    whole: Array
    """(rows, columns): the values before dropout."""
    left: Array
    """(steps, rows, columns): the values after dropout."""
    kept: Array
    """(steps,): how many values were kept."""
    share: float
    """The keep probability, by which the kept values are divided."""

    @property
    def sum(self) -> float:
        """The sum of the values before dropout."""
        return float(self.whole.sum())

    @property
    def sums(self) -> Array:
        """(steps,): the sum of the values after dropout."""
        return np.asarray(self.left.sum(axis=(1, 2)))

    @property
    def mean(self) -> float:
        """The mean of `sums` over the steps."""
        return float(self.sums.mean())


def hidden(rate: float, seed: int = 1) -> DropoutSteps:
    """Fifty ReLU units with Glorot's initial weights that see the first of the embedded digits."""
    x, _ = initialization.images()
    matrix = initialization.weights(GlorotUniform(), (x.shape[1], ROWS * COLUMNS))[0]
    whole = np.maximum(x[:1] @ matrix.T, 0)
    layers = [Flatten(), Dense(units=ROWS * COLUMNS), Dropout(name="dropout1", rate=rate)]
    return _dropped(whole, (ROWS, COLUMNS), Network(input_shape=(1, SIDE, SIDE), layers=layers), rate, seed)


def visible(rate: float, seed: int = 1) -> DropoutSteps:
    """Dropout on the pixels of that digit themselves."""
    x, _ = initialization.images()
    layers = [Flatten(), Dropout(name="dropout1", rate=rate)]
    return _dropped(x[:1], (SIDE, SIDE), Network(input_shape=(1, SIDE, SIDE), layers=layers), rate, seed)


def _dropped(whole: Array, shape: tuple[int, int], network: Network, rate: float, seed: int) -> DropoutSteps:
    masks = [dropout.masks(network, seed, step, 1)["dropout1"] for step in range(1, STEPS + 1)]
    left = [dropout.forward(whole, mask, rate)[0].reshape(shape) for mask in masks]
    return DropoutSteps(whole.reshape(shape), np.array(left), np.array([int(mask.sum()) for mask in masks]), 1 - rate)
