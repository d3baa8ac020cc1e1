"""Neurons and layers: the weighted sum, its bend, two layers as one, how many numbers a dense layer holds."""

import numpy as np

from core.demos.learning.function_curves import CURVES
from core.network.costs import parameters
from core.network.layers import Dense, Flatten
from core.network.network import Network
from core.numerics import dense
from core.numerics.losses import softmax


__all__ = ["bent", "bent_slope", "collapsed", "dense_parameters", "neuron", "probabilities", "through_layers"]


def bent(name: str, z):
    """An activation function by its name in core.demos.learning.function_curves, of one number or many."""
    y, _ = CURVES[name](np.atleast_1d(np.asarray(z, np.float64)))
    return y if np.ndim(z) else y[0]


def bent_slope(name: str, z):
    """Its slope."""
    x = np.atleast_1d(np.asarray(z, np.float64))
    slope, _ = CURVES[name](x)[1](np.ones_like(x))
    return slope if np.ndim(z) else slope[0]


def neuron(x, w, b=0, name: str = "linear"):
    """f(w · x + b)."""
    z, _ = dense.forward(np.asarray([x], float), np.asarray([w], float), np.asarray([b], float))
    return bent(name, z[0, 0])


def through_layers(x, first, second, name: str = "linear"):
    """x -> bend(first x) -> second: one number out, no biases."""
    hidden = [neuron(x, row, 0, name) for row in first]
    return neuron(hidden, second)


def collapsed(first, second):
    """The weights of the one linear layer that two make: second times first."""
    return np.asarray(second, float) @ np.asarray(first, float)


def probabilities(logits):
    """Softmax of one list of logits."""
    return softmax(np.asarray([logits], float))[0]


def dense_parameters(inputs: int, units: int) -> int:
    """Weights and biases of one dense layer, counted by core."""
    layers = [Flatten(name="flat"), Dense(name="dense", units=units)]
    return parameters(Network(input_shape=(inputs, 1, 1), layers=layers))
