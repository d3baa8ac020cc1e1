"""Batch norm (Ioffe and Szegedy 2015): each channel with mean 0 and variance 1, then scaled by gamma and shifted by beta.

x is (N, C, H, W), a channel's numbers being those of all images and cells, or (N, features).
"""

import numpy as np


def moments(x):
    """Mean and biased variance of each channel, (C,) both: the sum of squares is divided by the count, not count - 1."""
    others = _others(x)
    return x.mean(axis=others), x.var(axis=others)


def moved(running, batch, momentum: float):
    """running <- momentum * running + (1 - momentum) * batch"""
    return momentum * running + (1 - momentum) * batch


def fixed(x, gamma, beta, mean, variance, epsilon: float):
    """With a mean and a variance (C,) that do not depend on x: the running ones. -> y and the way back."""
    mean, variance, scale = (_along(values, x) for values in (mean, variance, gamma))
    root = np.sqrt(variance + epsilon)
    normal = (x - mean) / root

    def backprop(dy):
        return dy * scale / root, _of_weights(dy, normal)

    return normal * scale + _along(beta, x), backprop


def batch_loss(x, gamma, beta, epsilon: float):
    """With the batch's own mean and variance. The way back goes through both (Ioffe and Szegedy 2015, section 3):
    what all numbers of a channel share, and what grows with them, is taken out of the gradient."""
    mean, variance = moments(x)
    y, backprop_fixed = fixed(x, gamma, beta, mean, variance, epsilon)
    normal = (x - _along(mean, x)) / np.sqrt(_along(variance, x) + epsilon)

    def backprop(dy):
        dx, result = backprop_fixed(dy)
        count = x.size // x.shape[1]
        shared = _along(result["beta"] / count, x) + normal * _along(result["gamma"] / count, x)
        scale = _along(gamma / np.sqrt(variance + epsilon), x)
        return dx - scale * shared, result

    return y, backprop


def _of_weights(dy, normal) -> dict:
    others = _others(dy)
    return {"gamma": (dy * normal).sum(axis=others), "beta": dy.sum(axis=others)}


def _others(x) -> tuple[int, ...]:
    """All axes but the channels."""
    return (0, *range(2, x.ndim))


def _along(values, x):
    """(C,) -> (C, 1, 1) beside maps, (C,) beside lists."""
    return values.reshape(-1, *[1] * (x.ndim - 2))
