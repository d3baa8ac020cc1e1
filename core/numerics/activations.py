"""Activation functions: y and the way back. Where a function has a corner, at 0, the slope of its left side counts.

(So do PyTorch and TensorFlow: relu'(0) = 0, leaky_relu'(0) = slope, elu'(0) = alpha.)
"""

import numpy as np


def linear(x):
    return x, lambda dy: (dy, {})


def sigmoid(x):
    """1 / (1 + exp(-x)), written with exp(-|x|), which cannot overflow."""
    e = np.exp(-np.abs(x))
    y = np.where(x >= 0, 1, e) / (1 + e)
    return y, lambda dy: (dy * y * (1 - y), {})


def tanh(x):
    y = np.tanh(x)
    return y, lambda dy: (dy * (1 - y * y), {})


def relu(x):
    return np.maximum(x, 0), lambda dy: (dy * (x > 0), {})


def leaky_relu(x, slope: float):
    """Right of zero x, elsewhere slope * x (Maas, Hannun and Ng 2013)."""
    return np.where(x > 0, x, slope * x), lambda dy: (np.where(x > 0, dy, slope * dy), {})


def elu(x, alpha: float):
    """Right of zero x, elsewhere alpha * (exp(x) - 1) (Clevert, Unterthiner and Hochreiter 2016)."""
    left = np.minimum(x, 0)
    y = np.where(x > 0, x, alpha * np.expm1(left))
    return y, lambda dy: (np.where(x > 0, dy, dy * (alpha * np.exp(left))), {})


def maxout(x, pieces: int):
    """(N, C, ...) -> (N, C/pieces, ...): the largest of every `pieces` neighbouring channels, the first of equals
    (Goodfellow et al. 2013)."""
    grouped = x.reshape(len(x), x.shape[1] // pieces, pieces, *x.shape[2:])
    winner = grouped.argmax(axis=2, keepdims=True)
    y = np.take_along_axis(grouped, winner, axis=2).squeeze(2)

    def backprop(dy):
        dx = np.zeros_like(grouped)
        np.put_along_axis(dx, winner, np.expand_dims(dy, 2), axis=2)
        return dx.reshape(x.shape), {}

    return y, backprop


def softmax(x):
    """exp(x) as a share of its sum over the channels (axis 1). Subtracting the largest first changes nothing but the
    overflow."""
    e = np.exp(x - x.max(axis=1, keepdims=True))
    y = e / e.sum(axis=1, keepdims=True)
    return y, lambda dy: (y * (dy - (dy * y).sum(axis=1, keepdims=True)), {})
