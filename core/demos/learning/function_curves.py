"""Functions of one number to plot: activation functions and losses of one probability, each with its slope."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from core.arrays import Array
from core.numerics import activations


Function = Callable[[Array], tuple[Array, Callable[[Array], tuple[Array, dict[str, Any]]]]]
"""x -> f(x), and a backward pass that turns the upstream gradient into the gradient of x."""

SLOPE, ALPHA = 0.1, 1.0
"""The parameters of leaky ReLU and ELU in the plots."""


def maxout_abs(z: Array) -> tuple[Array, Any]:
    """Maxout of two pieces, z and -z: the absolute value; at 0 it has the slope of the first piece."""
    y, back = activations.maxout(np.stack([z, -z], axis=1), 2)

    def backprop(dy: Array) -> tuple[Array, dict[str, Any]]:
        pieces = back(dy[:, None])[0]
        return pieces[:, 0] - pieces[:, 1], {}

    return y[:, 0], backprop


def minus_log(p: Array) -> tuple[Array, Any]:
    """The loss if the true class is 1: -ln p."""
    with np.errstate(divide="ignore"):
        return -np.log(p), lambda dy: (-dy / p, {})


def minus_log_of_rest(p: Array) -> tuple[Array, Any]:
    """The loss if the true class is 0: -ln(1 - p)."""
    with np.errstate(divide="ignore"):
        return -np.log(1 - p), lambda dy: (dy / (1 - p), {})


def log(p: Array) -> tuple[Array, Any]:
    """The loss with its sign forgotten: ln p."""
    with np.errstate(divide="ignore"):
        return np.log(p), lambda dy: (dy / p, {})


BENDS: dict[str, Function] = {
    "linear": activations.linear,
    "sigmoid": activations.sigmoid,
    "tanh": activations.tanh,
    "relu": activations.relu,
    "leaky_relu": lambda z: activations.leaky_relu(z, SLOPE),
    "elu": lambda z: activations.elu(z, ALPHA),
}
"""Activation functions."""
CURVES: dict[str, Function] = {
    **BENDS,
    "maxout_abs": maxout_abs,
    "loss_if_yes": minus_log,
    "loss_if_no": minus_log_of_rest,
    "slip_if_yes": log,
}


def sampled(name: str, x: ArrayLike) -> dict[str, Array]:
    """Values and slopes of a function at x (N,), float64; None where they are not finite."""
    x = np.asarray(x, np.float64)
    y, back = CURVES[name](x)
    with np.errstate(divide="ignore"):
        slope, _ = back(np.ones_like(x))
    return {"value": finite(y), "slope": finite(slope)}


def finite(values: Array) -> Array:
    """The values with None instead of infinity and NaN."""
    result = np.asarray(values, object).copy()
    result[~np.isfinite(values)] = None
    return result
