"""Functions of one number for drawing: the bends of neurons and the losses of one probability, each with its slope."""

from collections.abc import Callable

import numpy as np

from core.arrays import Array
from core.numerics import activations


SLOPE, ALPHA = 0.1, 1.0
"""Of leaky ReLU and ELU, as they are drawn."""


def maxout_abs(z):
    """Maxout of two pieces, z and -z: the absolute value, at 0 with the slope of its first piece."""
    y, back = activations.maxout(np.stack([z, -z], axis=1), 2)

    def backprop(dy):
        pieces = back(dy[:, None])[0]
        return pieces[:, 0] - pieces[:, 1], {}

    return y[:, 0], backprop


def minus_log(p):
    with np.errstate(divide="ignore"):
        return -np.log(p), lambda dy: (-dy / p, {})


def minus_log_of_rest(p):
    with np.errstate(divide="ignore"):
        return -np.log(1 - p), lambda dy: (dy / (1 - p), {})


def log(p):
    with np.errstate(divide="ignore"):
        return np.log(p), lambda dy: (dy / p, {})


BENDS: dict[str, Callable] = {
    "linear": activations.linear,
    "sigmoid": activations.sigmoid,
    "tanh": activations.tanh,
    "relu": activations.relu,
    "leaky_relu": lambda z: activations.leaky_relu(z, SLOPE),
    "elu": lambda z: activations.elu(z, ALPHA),
}
CURVES: dict[str, Callable] = {
    **BENDS,
    "maxout_abs": maxout_abs,
    "loss_if_yes": minus_log,
    "loss_if_no": minus_log_of_rest,
    "slip_if_yes": log,
}


def sampled(name: str, x) -> dict[str, Array]:
    """Values and slopes at x (N,), float64; None where they are not finite."""
    x = np.asarray(x, np.float64)
    y, back = CURVES[name](x)
    with np.errstate(divide="ignore"):
        slope, _ = back(np.ones_like(x))
    return {"value": finite(y), "slope": finite(slope)}


def finite(values) -> Array:
    result = values.astype(object)
    result[~np.isfinite(values)] = None
    return result
