"""Layers put together: one after the other, side by side and summed, side by side and joined.

A layer here is a function x -> y, backprop with backprop(dy) -> dx, {name: gradient}; what is put together is such a
function again. Where data forks, each way sends a gradient back to the fork, and there they add up: a change of x
reaches the end on every way (Rumelhart, Hinton and Williams 1986; the sum over paths of the chain rule).
"""

from functools import reduce

import numpy as np


def chain(layers):
    """One after the other; of no layers, x itself. The way back runs in reverse, until a layer passes nothing on."""

    def forward(x):
        ways_back = []
        for layer in layers:
            x, backprop = layer(x)
            ways_back.append(backprop)
        return x, lambda dy: back(ways_back, dy)

    def back(ways_back, dy):
        result: dict = {}
        for backprop in reversed(ways_back):
            dy, gradients = backprop(dy)
            result |= gradients
            if dy is None:
                break
        return dy, result

    return forward


def add(layer, shortcut):
    """y = layer(x) + shortcut(x): a sum hands dy on to both (He et al. 2016, eq. 1)."""

    def forward(x):
        y, backprop = layer(x)
        short, backprop_short = shortcut(x)
        return y + short, lambda dy: sum_gradients(backprop(dy), backprop_short(dy))

    return forward


def join(layers):
    """y = [layer(x), layer(x), ...] along axis 1: each gets back the channels of dy that it gave."""

    def forward(x):
        ys, ways_back = zip(*(layer(x) for layer in layers), strict=True)
        ends = np.cumsum([y.shape[1] for y in ys])

        def backprop(dy):
            parts = np.split(dy, ends[:-1], axis=1)
            return sum_gradients(*(back(part) for back, part in zip(ways_back, parts, strict=True)))

        return np.concatenate(ys, axis=1), backprop

    return forward


def sum_gradients(*ways):
    """(dx, gradients) of each way -> the sum of the dx, and all gradients."""
    dxs, gradients = zip(*ways, strict=True)
    return sum(dxs[1:], start=dxs[0]), reduce(dict.__or__, gradients)
