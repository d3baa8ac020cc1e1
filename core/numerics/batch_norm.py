"""Batch norm (Ioffe and Szegedy 2015): normalise each channel to mean 0 and variance 1, scale by gamma, shift by beta.

x is (N, C, H, W), where the mean of a channel is taken over all images and pixels, or (N, features).
"""

import numpy as np

from core.arrays import Array
from core.numerics.backprop import Backprop


def moments(x: Array) -> tuple[Array, Array]:
    """Mean and biased variance of each channel, both (C,): the sum of squares is divided by n, not n - 1."""
    axes = _axes_but_channels(x)
    return x.mean(axis=axes), x.var(axis=axes)


def moved(running: Array, batch: Array, momentum: float) -> Array:
    """The new running statistic: running <- momentum * running + (1 - momentum) * batch."""
    updated: Array = momentum * running + (1 - momentum) * batch
    return updated


def fixed(x: Array, gamma: Array, beta: Array, mean: Array, variance: Array, epsilon: float) -> tuple[Array, Backprop]:
    """Batch norm with a mean and a variance (C,) that do not depend on x: the running ones."""
    mean, variance, scale = (_per_channel(values, x) for values in (mean, variance, gamma))
    root = np.sqrt(variance + epsilon)
    normal = (x - mean) / root

    def backprop(dy: Array) -> tuple[Array, dict[str, Array]]:
        return dy * scale / root, _weight_gradients(dy, normal)

    return normal * scale + _per_channel(beta, x), backprop


def from_batch(x: Array, gamma: Array, beta: Array, epsilon: float) -> tuple[Array, Backprop]:
    """Batch norm with the mean and variance of the batch itself.

    The backward pass goes through both (Ioffe and Szegedy 2015, section 3): it subtracts from the gradient its mean
    over the channel and the part proportional to the normalised x.
    """
    mean, variance = moments(x)
    y, backprop_fixed = fixed(x, gamma, beta, mean, variance, epsilon)
    normal = (x - _per_channel(mean, x)) / np.sqrt(_per_channel(variance, x) + epsilon)

    def backprop(dy: Array) -> tuple[Array, dict[str, Array]]:
        dx, gradients = backprop_fixed(dy)
        count = x.size // x.shape[1]
        shared = _per_channel(gradients["beta"] / count, x) + normal * _per_channel(gradients["gamma"] / count, x)
        scale = _per_channel(gamma / np.sqrt(variance + epsilon), x)
        return dx - scale * shared, gradients

    return y, backprop


def _weight_gradients(dy: Array, normal: Array) -> dict[str, Array]:
    axes = _axes_but_channels(dy)
    return {"gamma": (dy * normal).sum(axis=axes), "beta": dy.sum(axis=axes)}


def _axes_but_channels(x: Array) -> tuple[int, ...]:
    return (0, *range(2, x.ndim))


def _per_channel(values: Array, x: Array) -> Array:
    """(C,) -> (C, 1, 1) if x has rows and columns, (C,) if it has only features: the shape that broadcasts over x."""
    return values.reshape(-1, *[1] * (x.ndim - 2))
