"""What one input channel adds to one output map: the sum over channels, taken apart."""

import numpy as np

from core.arrays import Array
from core.numerics import convolution


def layer_maps(x, weights, biases=None) -> Array:
    """x (C, H, W), weights (maps, C, kh, kw), biases (maps,) -> (maps, rows, columns): no flip, no padding."""
    x, weights = np.asarray(x, np.float64), np.asarray(weights, np.float64)
    b = np.zeros(len(weights)) if biases is None else np.asarray(biases, np.float64)
    result, _ = convolution.forward(x[None], weights, b)
    return result[0]


def partial_maps(x, weights) -> Array:
    """(maps, C, rows, columns): the sum over C, and the bias, is the layer's output."""
    x, weights = np.asarray(x, np.float64), np.asarray(weights, np.float64)
    alone = [layer_maps(x[c : c + 1], weights[:, c : c + 1]) for c in range(len(x))]
    return np.stack(alone, axis=1)
