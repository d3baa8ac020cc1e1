"""What each input channel contributes to each feature map: the sum over channels, taken apart."""

import numpy as np
from numpy.typing import ArrayLike

from core.arrays import Array
from core.numerics import convolution


def layer_maps(x: ArrayLike, weights: ArrayLike, biases: ArrayLike | None = None) -> Array:
    """x (C, H, W), weights (filters, C, kh, kw), biases (filters,) -> (filters, rows, columns): no flip, no padding."""
    x, weights = np.asarray(x, np.float64), np.asarray(weights, np.float64)
    b = np.zeros(len(weights)) if biases is None else np.asarray(biases, np.float64)
    y, _ = convolution.forward(x[None], weights, b)
    return np.asarray(y[0])


def partial_maps(x: ArrayLike, weights: ArrayLike) -> Array:
    """(filters, C, rows, columns): summed over C, plus the biases, they are the layer's output."""
    x, weights = np.asarray(x, np.float64), np.asarray(weights, np.float64)
    per_channel = [layer_maps(x[c : c + 1], weights[:, c : c + 1]) for c in range(len(x))]
    return np.stack(per_channel, axis=1)
