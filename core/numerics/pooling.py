"""Pooling: one number for each window of each feature map. x (N, C, H, W) -> y (N, C, rows, columns).

A window that extends into the padding summarises only the pixels inside the feature map.
"""

from functools import reduce

import numpy as np

from core.arrays import Array
from core.numerics.backprop import Backprop
from core.numerics.windows import NO_PADS, CellIndex, Pads, Pair, cells, cropped, padded, positions


def max_pool(x: Array, window: Pair, stride: Pair, pads: Pads = NO_PADS) -> tuple[Array, Backprop]:
    """The maximum of each window. The gradient goes to the first pixel, row by row, that has this value."""
    x = padded(x, pads, -np.inf)
    indices = _window_cells(x, window, stride)
    y = reduce(np.maximum, (x[index] for index in indices))

    def backprop(dy: Array) -> tuple[Array, dict[str, Array]]:
        dx = np.zeros_like(x)
        unassigned = np.ones(y.shape, bool)
        for index in indices:
            first = unassigned & (x[index] == y)
            dx[index] += dy * first
            unassigned &= ~first
        return cropped(dx, pads), {}

    return y, backprop


def sum_pool(x: Array, window: Pair, stride: Pair, pads: Pads = NO_PADS) -> tuple[Array, Backprop]:
    """The sum of each window; every pixel gets the full gradient."""
    x = padded(x, pads)
    indices = _window_cells(x, window, stride)
    y = reduce(np.add, (x[index] for index in indices))

    def backprop(dy: Array) -> tuple[Array, dict[str, Array]]:
        dx = np.zeros_like(x)
        for index in indices:
            dx[index] += dy
        return cropped(dx, pads), {}

    return y, backprop


def average_pool(x: Array, window: Pair, stride: Pair, pads: Pads = NO_PADS) -> tuple[Array, Backprop]:
    """The mean of each window; every pixel gets an equal share of the gradient."""
    area, _ = sum_pool(np.ones_like(x[:1, :1]), window, stride, pads)
    y, backprop = sum_pool(x, window, stride, pads)
    return y / area, lambda dy: backprop(dy / area)


def global_average_pool(x: Array) -> tuple[Array, Backprop]:
    """The mean of each feature map: (N, C, H, W) -> (N, C)."""
    area = x.shape[2] * x.shape[3]

    def backprop(dy: Array) -> tuple[Array, dict[str, Array]]:
        return np.broadcast_to((dy / area)[:, :, None, None], x.shape), {}

    return x.mean(axis=(2, 3)), backprop


def l2_pool(x: Array, window: Pair, stride: Pair, pads: Pads = NO_PADS) -> tuple[Array, Backprop]:
    """The square root of the sum of squares; each pixel's share of the gradient is x/y. A window of zeros passes no
    gradient."""
    squares, backprop_sum = sum_pool(x * x, window, stride, pads)
    y = np.sqrt(squares)

    def backprop(dy: Array) -> tuple[Array, dict[str, Array]]:
        dsquares = np.divide(dy, y, out=np.zeros_like(y), where=y != 0)
        dx, _ = backprop_sum(dsquares)
        return x * dx, {}

    return y, backprop


def _window_cells(x: Array, window: Pair, stride: Pair) -> list[CellIndex]:
    """For each cell of the window: the index of its pixels at all positions."""
    outputs = positions(x.shape[2:], window, stride)
    return [index for _, _, index in cells(outputs, window, stride)]
