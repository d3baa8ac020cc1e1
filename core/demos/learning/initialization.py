"""A dense network before its first step: the outputs and gradients of each layer, and how similar its units are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np

from core.arrays import Array
from core.data import catalogue
from core.network.initial_weights import draw
from core.network.initializers import Initial
from core.numerics import activations, dense, losses
from core.random import generator
from core.recipe.losses import CrossEntropy


FUNCTIONS: dict[str, Callable[[Array], Any]] = {
    "sigmoid": activations.sigmoid,
    "tanh": activations.tanh,
    "relu": activations.relu,
}
IMAGES, BINS = 100, 21
ROUNDING = 1e-12
"""Units that differ by less than this are copies."""
FLAT = 0.01
"""A slope below this share of the steepest (0.25 for a sigmoid, 1 for tanh and ReLU) counts as flat."""


@dataclass(frozen=True)
class LayerStats:
    """The numbers of one layer, over all units and images."""

    name: str
    outputs: Array
    slopes: Array
    """The slopes of the activation at its inputs."""
    gradients: Array
    """The gradients of the weights: d(mean loss)/dw."""
    difference: float
    """The largest difference between any weight of a unit and that of the layer's first unit."""
    difference_later: float
    """The same after some training steps."""


@lru_cache(maxsize=1)
def images() -> tuple[Array, Array]:
    """The first 100 of the embedded digits as vectors (100, 784) from 0 to 1, and their labels."""
    digits = catalogue.load("digits")
    return digits.images[:IMAGES].reshape(IMAGES, -1) / 255.0, digits.labels[:IMAGES]


def weights(initial: Initial, sizes: tuple[int, ...], seed: int = 1) -> list[Array]:
    """The initial weights (units, inputs) of each layer; biases start at zero."""
    return [
        draw(initial, (units, inputs), (inputs, units), generator(seed, "first look", index))
        for index, (inputs, units) in enumerate(pairwise(sizes))
    ]


def forward_backward(
    w: Sequence[Array], b: Sequence[Array], function: Callable[[Array], Any], x: Array, y: Array
) -> tuple[list[Array], list[Array], list[Array], list[Array], float]:
    """The outputs and slopes of each layer, the gradients of the weights and of the biases, and the loss.

    The last layer is linear.
    """
    outputs, slopes, backward_passes = [], [], []
    for index, (matrix, bias) in enumerate(zip(w, b, strict=True)):
        z, through_sum = dense.forward(x, matrix, bias)
        x, through_activation = function(z) if index < len(w) - 1 else activations.linear(z)
        backward_passes.append((through_sum, through_activation))
        outputs.append(x)
        slopes.append(through_activation(np.ones_like(z))[0])
    loss, d = losses.batch_loss(CrossEntropy(), x, y)
    gradients = []
    for through_sum, through_activation in reversed(backward_passes):
        d, of_layer = through_sum(through_activation(d)[0])
        gradients.append(of_layer)
    gradients.reverse()
    return outputs, slopes, [g["weights"] for g in gradients], [g["biases"] for g in gradients], float(loss)


def look(
    initial: Initial, function: str, sizes: tuple[int, ...], steps: int = 5, rate: float = 0.1
) -> list[LayerStats]:
    """The statistics of each layer, output layer included, before training and after `steps` plain gradient steps."""
    x, y = images()
    w = weights(initial, sizes)
    b: list[Array] = [np.zeros(units) for units in sizes[1:]]
    f, before = FUNCTIONS[function], [unlike(matrix) for matrix in w]
    with np.errstate(over="ignore", invalid="ignore"):
        outputs, slopes, gradients, _, _ = forward_backward(w, b, f, x, y)
        for _ in range(steps):
            _, _, dw, db, _ = forward_backward(w, b, f, x, y)
            w = [one - rate * d for one, d in zip(w, dw, strict=True)]
            b = [one - rate * d for one, d in zip(b, db, strict=True)]
    names = [f"hidden {index}" for index in range(1, len(w))] + ["output"]
    rows = zip(names, outputs, slopes, gradients, before, map(unlike, w), strict=True)
    return [LayerStats(*row) for row in rows]


def unlike(matrix: Array) -> float:
    """The largest difference between the weights of any unit (row) and those of the first one."""
    return float(np.abs(matrix - matrix[0]).max())


def histogram(values: Array) -> tuple[Array, float, float]:
    """The shares (21,) in equally wide bins from the smallest to the largest value, and these two values.

    Values that are all equal, but for rounding, are in the middle bin.
    """
    low, high = float(values.min()), float(values.max())
    if not np.isfinite([low, high]).all() or high - low <= ROUNDING * max(abs(low), abs(high)):
        return np.eye(BINS)[BINS // 2], low, high
    counts, _ = np.histogram(values, BINS, (low, high))
    return counts / values.size, low, high


def flat_share(layer: LayerStats, function: str) -> float:
    """The share of units and images at which the slope of the activation is below 1 % of its steepest."""
    steepest = 0.25 if function == "sigmoid" else 1.0
    return float((np.abs(layer.slopes) < FLAT * steepest).mean())


def spread(values: Array) -> float:
    """The standard deviation."""
    return float(values.std())


def size(values: Array) -> float:
    """The mean of the absolute values."""
    return float(np.abs(values).mean())
