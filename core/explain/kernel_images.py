"""The weights of a layer as images, one stack for each filter or unit."""

from math import ceil, sqrt

import numpy as np

from core.arrays import Array
from core.network.layers import Activation, BatchNorm, Dropout, Flatten
from core.network.network import Network
from core.network.shapes import outline


KEEPS_ORDER = (Activation, BatchNorm, Dropout)
"""Layers behind which the numbers are still in the order of the flattened maps (except maxout, which has fewer)."""


def kernel_images(network: Network, layer: str, weights: Array) -> Array:
    """(units, parts, rows, columns). Of a convolution, one kernel for each input channel; of a dense layer on flattened
    feature maps, one image of weights for each map; of any other dense layer, its weights row by row in one nearly
    square image. Of a locally connected layer, the kernels in the middle of the image."""
    if weights.ndim == 6:
        return np.asarray(weights[..., weights.shape[4] // 2, weights.shape[5] // 2])
    if weights.ndim == 4:
        return weights
    maps = flattened_shape(network, layer)
    if maps is not None and np.prod(maps) == weights.shape[1]:
        return weights.reshape(len(weights), *maps)
    columns = ceil(sqrt(weights.shape[1]))
    rows = ceil(weights.shape[1] / columns)
    padded = np.zeros((len(weights), rows * columns), weights.dtype)
    padded[:, : weights.shape[1]] = weights
    return padded.reshape(len(weights), 1, rows, columns)


def flattened_shape(network: Network, layer: str) -> tuple[int, ...] | None:
    """(C, H, W) of the feature maps that a layer of the outermost row reads as a vector, or None."""
    steps = outline(network)
    names = [step.layer.name for step in steps]
    if layer not in names:
        return None
    for step in reversed(steps[: names.index(layer)]):
        if isinstance(step.layer, Flatten):
            return step.input
        if not isinstance(step.layer, KEEPS_ORDER):
            return None
    return None
