"""Units that do nothing: zero for every image, or saturated, so that no gradient passes; and histograms."""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.network.layers import Activation, BatchNorm, Bias, Dropout, Pool
from core.network.network import Network


SATURATED = 0.01
"""An output of a sigmoid or tanh this close to an end of its range, as a share of the range, has hardly a slope."""
RANGES = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}
BETWEEN = (Activation, BatchNorm, Bias, Dropout, Pool)
"""Layers that do not mix the units of the layer below."""


@dataclass(frozen=True)
class Histogram:
    """How many values are in each of the bins; the exact zeros are counted separately."""

    counts: Array
    edges: Array
    """(bins + 1,)"""
    zeros: int


def histogram(values: Array, bins: int) -> Histogram:
    """Of all finite values; the bins are of equal width and extend from the smallest to the largest."""
    finite = values[np.isfinite(values)].astype(float)
    nonzero = finite[finite != 0]
    low, high = (nonzero.min(), nonzero.max()) if nonzero.size else (0.0, 1.0)
    if low == high:
        low, high = low - 0.5, high + 0.5
    counts, edges = np.histogram(nonzero, bins, (low, high))
    return Histogram(counts, edges, int(finite.size - nonzero.size))


def zero_share(outputs: Array) -> Array:
    """(units,): the share of images for which a unit (N, units), or every cell of a feature map (N, maps, rows,
    columns), is exactly 0. A unit whose share is 1 is dead: no image reaches it, so its weights get no gradient."""
    shares: Array = (outputs == 0).reshape(*outputs.shape[:2], -1).all(axis=2).mean(axis=0)
    return shares


def saturated_share(outputs: Array, function: str) -> Array:
    """(units,): the share of outputs at the ends of the range of a sigmoid or tanh, over images and cells; 0 for other
    functions."""
    if function not in RANGES:
        return np.zeros(outputs.shape[1])
    low, high = RANGES[function]
    near = SATURATED * (high - low)
    flat = outputs.reshape(*outputs.shape[:2], -1)
    shares: Array = ((flat < low + near) | (flat > high - near)).mean(axis=(0, 2))
    return shares


def activation_after(network: Network, name: str) -> Activation | None:
    """The activation that a layer's outputs go through, or the layer itself if it is one; None for a linear output or a
    layer inside a block."""
    names = [layer.name for layer in network.layers]
    if name not in names:
        return None
    place = names.index(name)
    for number, layer in enumerate(network.layers[place:]):
        if isinstance(layer, Activation):
            return layer
        if number and not isinstance(layer, BETWEEN):
            return None
    return None
