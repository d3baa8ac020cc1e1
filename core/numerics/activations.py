"""Activation functions: each returns y and its backward pass.

At a corner (x = 0) the derivative is that of the left side, as in PyTorch and TensorFlow: relu'(0) = 0,
leaky_relu'(0) = slope, elu'(0) = alpha.
"""

import numpy as np

from core.arrays import Array
from core.numerics.backprop import Backprop


def linear(x: Array) -> tuple[Array, Backprop]:
    return x, lambda dy: (dy, {})


def sigmoid(x: Array) -> tuple[Array, Backprop]:
    """1 / (1 + exp(-x)), computed from exp(-|x|), which cannot overflow."""
    e = np.exp(-np.abs(x))
    y = np.where(x >= 0, 1, e) / (1 + e)
    return y, lambda dy: (dy * y * (1 - y), {})


def tanh(x: Array) -> tuple[Array, Backprop]:
    y = np.tanh(x)
    return y, lambda dy: (dy * (1 - y * y), {})


def relu(x: Array) -> tuple[Array, Backprop]:
    return np.maximum(x, 0), lambda dy: (dy * (x > 0), {})


def leaky_relu(x: Array, slope: float) -> tuple[Array, Backprop]:
    """x for x > 0, slope * x otherwise (Maas, Hannun and Ng 2013)."""
    return np.where(x > 0, x, slope * x), lambda dy: (np.where(x > 0, dy, slope * dy), {})


def elu(x: Array, alpha: float) -> tuple[Array, Backprop]:
    """x for x > 0, alpha * (exp(x) - 1) otherwise (Clevert, Unterthiner and Hochreiter 2016)."""
    left = np.minimum(x, 0)
    y = np.where(x > 0, x, alpha * np.expm1(left))
    return y, lambda dy: (np.where(x > 0, dy, dy * (alpha * np.exp(left))), {})


def maxout(x: Array, pieces: int) -> tuple[Array, Backprop]:
    """(N, C, ...) -> (N, C/pieces, ...): the maximum of each group of `pieces` neighbouring channels (Goodfellow et al.
    2013). Among equal values the first one gets the gradient."""
    grouped = x.reshape(len(x), x.shape[1] // pieces, pieces, *x.shape[2:])
    winner = grouped.argmax(axis=2, keepdims=True)
    y = np.take_along_axis(grouped, winner, axis=2).squeeze(2)

    def backprop(dy: Array) -> tuple[Array, dict[str, Array]]:
        dx = np.zeros_like(grouped)
        np.put_along_axis(dx, winner, np.expand_dims(dy, 2), axis=2)
        return dx.reshape(x.shape), {}

    return y, backprop


def softmax(x: Array) -> tuple[Array, Backprop]:
    """exp(x) divided by its sum over the channels (axis 1). Subtracting the maximum first prevents overflow and leaves
    the result unchanged."""
    e = np.exp(x - x.max(axis=1, keepdims=True))
    y = e / e.sum(axis=1, keepdims=True)
    return y, lambda dy: (y * (dy - (dy * y).sum(axis=1, keepdims=True)), {})
