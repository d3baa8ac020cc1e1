"""Pooling: one number for each window of each map. x (N, C, H, W) -> y (N, C, rows, columns) and the way back.

Where a window reaches over the border, into the pads, it summarises the cells that are there."""

from functools import reduce

import numpy as np

from core.numerics.windows import NO_PADS, Pads, Pair, cells, cropped, padded, positions


def max_pool(x, window: Pair, stride: Pair, pads: Pads = NO_PADS):
    """The largest number of each window. Its gradient goes to the first cell, row by row, that holds it."""
    x = padded(x, pads, -np.inf)
    indices = _places(x, window, stride)
    y = reduce(np.maximum, (x[position] for position in indices))

    def backprop(dy):
        dx = np.zeros_like(x)
        waiting = np.ones(y.shape, bool)
        for position in indices:
            first = waiting & (x[position] == y)
            dx[position] += dy * first
            waiting &= ~first
        return cropped(dx, pads), {}

    return y, backprop


def sum_pool(x, window: Pair, stride: Pair, pads: Pads = NO_PADS):
    """The sum of each window; every cell gets the gradient."""
    x = padded(x, pads)
    indices = _places(x, window, stride)
    y = reduce(np.add, (x[position] for position in indices))

    def backprop(dy):
        dx = np.zeros_like(x)
        for position in indices:
            dx[position] += dy
        return cropped(dx, pads), {}

    return y, backprop


def average_pool(x, window: Pair, stride: Pair, pads: Pads = NO_PADS):
    """The mean of each window; every cell gets an equal share of the gradient."""
    area, _ = sum_pool(np.ones_like(x[:1, :1]), window, stride, pads)
    y, backprop = sum_pool(x, window, stride, pads)
    return y / area, lambda dy: backprop(dy / area)


def global_average_pool(x):
    """The mean of each map: (N, C, H, W) -> (N, C)."""
    area = x.shape[2] * x.shape[3]

    def backprop(dy):
        return np.broadcast_to((dy / area)[:, :, None, None], x.shape), {}

    return x.mean(axis=(2, 3)), backprop


def l2_pool(x, window: Pair, stride: Pair, pads: Pads = NO_PADS):
    """sqrt of the sum of squares; a cell's share of the gradient is x/y. A window of zeros passes no gradient."""
    squares, backprop_total = sum_pool(x * x, window, stride, pads)
    y = np.sqrt(squares)

    def backprop(dy):
        dsquares = np.divide(dy, y, out=np.zeros_like(y), where=y != 0)
        dx, _ = backprop_total(dsquares)
        return x * dx, {}

    return y, backprop


def _places(x, window: Pair, stride: Pair) -> list:
    outputs = positions(x.shape[2:], window, stride)
    return [position for _, _, position in cells(outputs, window, stride)]
