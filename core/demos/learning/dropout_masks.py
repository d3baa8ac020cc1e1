"""Dropout seen at work: the hidden numbers of one real digit, and what is left of them in some steps."""

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
class Looks:
    whole: Array
    """(rows, columns) before dropout."""
    left: Array
    """(steps, rows, columns) after it."""
    kept: Array
    """(steps,) how many were kept."""
    share: float
    """By which the kept ones are divided."""

    @property
    def sum(self) -> float:
        return float(self.whole.sum())

    @property
    def sums(self) -> Array:
        """(steps,) of what is left."""
        return self.left.sum(axis=(1, 2))

    @property
    def mean(self) -> float:
        """Of those sums."""
        return float(self.sums.mean())


def hidden(rate: float, seed: int = 1) -> Looks:
    """Fifty ReLU units that see the first of the embedded digits, with Glorot's weights."""
    x, _ = initialization.images()
    matrix = initialization.weights(GlorotUniform(), (x.shape[1], ROWS * COLUMNS))[0]
    whole = np.maximum(x[:1] @ matrix.T, 0)
    layers = [Flatten(), Dense(units=ROWS * COLUMNS), Dropout(name="dropout1", rate=rate)]
    return _looks(whole, (ROWS, COLUMNS), Network(input_shape=(1, SIDE, SIDE), layers=layers), rate, seed)


def visible(rate: float, seed: int = 1) -> Looks:
    """The pixels of that digit themselves."""
    x, _ = initialization.images()
    layers = [Flatten(), Dropout(name="dropout1", rate=rate)]
    return _looks(x[:1], (SIDE, SIDE), Network(input_shape=(1, SIDE, SIDE), layers=layers), rate, seed)


def _looks(whole, shape, network, rate, seed) -> Looks:
    masks = [dropout.masks(network, seed, step, 1)["dropout1"] for step in range(1, STEPS + 1)]
    left = [dropout.forward(whole, mask, rate)[0].reshape(shape) for mask in masks]
    return Looks(whole.reshape(shape), np.array(left), np.array([int(mask.sum()) for mask in masks]), 1 - rate)
