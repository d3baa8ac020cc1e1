"""A dense network before its first step: what comes out of every layer, which gradients come back, how alike its units are."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from core.arrays import Array
from core.data import catalogue
from core.network.initial_weights import draw
from core.numerics import activations, dense, losses
from core.random import generator


FUNCTIONS = {"sigmoid": activations.sigmoid, "tanh": activations.tanh, "relu": activations.relu}
IMAGES, BINS = 100, 21
ROUNDING = 1e-12
"""Units that differ by less are copies."""
FLAT = 0.01
"""A slope below this share of the steepest (0.25 of a sigmoid, 1 of tanh and ReLU) counts as none."""


@dataclass(frozen=True)
class LayerStats:
    """One layer's numbers, over all units and images."""

    name: str
    outputs: Array
    slopes: Array
    """Of the activation, where its inputs are."""
    gradients: Array
    """Of the weights: d(mean loss)/dw."""
    difference: float
    """The most by which any weight of a unit differs from that of the layer's first unit."""
    difference_later: float
    """The same after some steps of training."""


@lru_cache(maxsize=1)
def images() -> tuple[Array, Array]:
    """The first 100 of the embedded digits as lists (100, 784) from 0 to 1, and their labels."""
    digits = catalogue.load("digits")
    return digits.images[:IMAGES].reshape(IMAGES, -1) / 255.0, digits.labels[:IMAGES]


def weights(initial, sizes: tuple[int, ...], seed: int = 1) -> list[Array]:
    """(units, inputs) of each layer; biases start at zero."""
    return [
        draw(initial, (units, inputs), (inputs, units), generator(seed, "first look", index))
        for index, (inputs, units) in enumerate(pairwise(sizes))
    ]


def forward_backward(w, b, function, x, y):
    """-> outputs and slopes of each layer (the last is linear), gradients of weights and of biases, the loss."""
    outputs, slopes, ways = [], [], []
    for index, (matrix, bias) in enumerate(zip(w, b, strict=True)):
        z, back = dense.forward(x, matrix, bias)
        x, bend = function(z) if index < len(w) - 1 else activations.linear(z)
        ways.append((back, bend))
        outputs.append(x)
        slopes.append(bend(np.ones_like(z))[0])
    loss, d = losses.batch_loss(losses.CrossEntropy(), x, y)
    results = []
    for back, bend in reversed(ways):
        d, own = back(bend(d)[0])
        results.append(own)
    results.reverse()
    return outputs, slopes, [own["weights"] for own in results], [own["biases"] for own in results], loss


def look(initial, function: str, sizes: tuple[int, ...], steps: int = 5, rate: float = 0.1) -> list[LayerStats]:
    """Layer by layer, the last one included; `steps` plain steps lie between the two differences."""
    x, y = images()
    w = weights(initial, sizes)
    b = [np.zeros(units) for units in sizes[1:]]
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
    """How far the units (rows) are from being copies of the first one."""
    return float(np.abs(matrix - matrix[0]).max())


def histogram(values: Array) -> tuple[Array, float, float]:
    """Shares (21,) of equally wide bins from the smallest to the largest value, and these two."""
    low, high = float(values.min()), float(values.max())
    if not np.isfinite([low, high]).all() or high - low < 1e-12:
        low, high = low - 0.5, high + 0.5
    counts, _ = np.histogram(values, BINS, (low, high))
    return counts / values.size, low, high


def flat_share(one: LayerStats, function: str) -> float:
    """Of units and images: where the activation's slope is below 1 % of its steepest."""
    steepest = 0.25 if function == "sigmoid" else 1.0
    return float((np.abs(one.slopes) < FLAT * steepest).mean())


def spread(values: Array) -> float:
    """Standard deviation."""
    return float(values.std())


def size(values: Array) -> float:
    """The mean of the absolute values."""
    return float(np.abs(values).mean())
