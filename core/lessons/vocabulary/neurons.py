"""Neurons and layers: the weighted sum, its activation, two layers as one, the parameters of a dense layer."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from core.arrays import Array
from core.demos.learning.function_curves import CURVES
from core.network.costs import parameters
from core.network.layers import Dense, Flatten
from core.network.network import Network
from core.numerics import dense
from core.numerics.losses import softmax


__all__ = ["bent", "bent_slope", "collapsed", "dense_parameters", "neuron", "probabilities", "through_layers"]


def bent(name: str, z: ArrayLike) -> Any:
    """An activation function, named as in core.demos.learning.function_curves, applied to one number or many."""
    y, _ = CURVES[name](np.atleast_1d(np.asarray(z, np.float64)))
    return y if np.ndim(z) else y[0]


def bent_slope(name: str, z: ArrayLike) -> Any:
    """The slope of an activation function at one number or many."""
    x = np.atleast_1d(np.asarray(z, np.float64))
    slope, _ = CURVES[name](x)[1](np.ones_like(x))
    return slope if np.ndim(z) else slope[0]


def neuron(x: ArrayLike, w: ArrayLike, b: float = 0, name: str = "linear") -> Any:
    """The output of one neuron with activation `name`: f(w · x + b)."""
    z, _ = dense.forward(np.asarray([x], float), np.asarray([w], float), np.asarray([b], float))
    return bent(name, z[0, 0])


def through_layers(x: ArrayLike, first: Iterable[ArrayLike], second: ArrayLike, name: str = "linear") -> Any:
    """The output of two layers without biases, one number: second · activation(first x)."""
    hidden = [neuron(x, row, 0, name) for row in first]
    return neuron(hidden, second)


def collapsed(first: ArrayLike, second: ArrayLike) -> Array:
    """The weights of the single linear layer equal to two linear layers: second times first."""
    return np.asarray(np.asarray(second, float) @ np.asarray(first, float))


def probabilities(logits: ArrayLike) -> Array:
    """The softmax of one list of logits."""
    return np.asarray(softmax(np.asarray([logits], float))[0])


def dense_parameters(inputs: int, units: int) -> int:
    """The number of weights and biases of a dense layer."""
    layers = [Flatten(name="flat"), Dense(name="dense", units=units)]
    return parameters(Network(input_shape=(inputs, 1, 1), layers=layers))
