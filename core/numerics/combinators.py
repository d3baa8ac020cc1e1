"""Combining layers: in a chain, in parallel and added, in parallel and concatenated.

A layer here is a function x -> (y, backprop) with backprop(dy) -> (dx, {name: gradient}), and so is every combination.
Where the data forks, each path sends back a gradient, and the gradients add up: a change of x reaches the output along
every path (Rumelhart, Hinton and Williams 1986; the chain rule's sum over paths).
"""

from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np

from core.arrays import Array
from core.numerics.backprop import Backprop, Layer


def chain(layers: Sequence[Layer]) -> Layer:
    """One layer after the other; without layers, y is x. The backward pass runs in reverse order and stops at the first
    layer that returns no dx."""

    def forward(x: Array) -> tuple[Array, Backprop]:
        backprops: list[Backprop] = []
        for layer in layers:
            x, backprop = layer(x)
            backprops.append(backprop)
        return x, lambda dy: backward(backprops, dy)

    def backward(backprops: list[Backprop], dy: Array) -> tuple[Any, dict[str, Array]]:
        all_gradients: dict[str, Array] = {}
        for backprop in reversed(backprops):
            dy, gradients = backprop(dy)
            all_gradients |= gradients
            if dy is None:
                break
        return dy, all_gradients

    return forward


def add(layer: Layer, shortcut: Layer) -> Layer:
    """y = layer(x) + shortcut(x): both receive the whole dy (He et al. 2016, eq. 1)."""

    def forward(x: Array) -> tuple[Array, Backprop]:
        y, backprop = layer(x)
        short, backprop_short = shortcut(x)
        return y + short, lambda dy: sum_gradients(backprop(dy), backprop_short(dy))

    return forward


def join(layers: Sequence[Layer]) -> Layer:
    """y = [layer(x), layer(x), ...] along axis 1: each layer receives the channels of dy that it produced."""

    def forward(x: Array) -> tuple[Array, Backprop]:
        ys, backprops = zip(*(layer(x) for layer in layers), strict=True)
        ends = np.cumsum([y.shape[1] for y in ys])

        def backprop(dy: Array) -> tuple[Any, dict[str, Array]]:
            parts = np.split(dy, ends[:-1], axis=1)
            return sum_gradients(*(branch(part) for branch, part in zip(backprops, parts, strict=True)))

        return np.concatenate(ys, axis=1), backprop

    return forward


def sum_gradients(*branches: tuple[Any, dict[str, Array]]) -> tuple[Any, dict[str, Array]]:
    """(dx, gradients) of each branch -> the sum of the dx, and all gradients."""
    dxs, gradients = zip(*branches, strict=True)
    return sum(dxs[1:], start=dxs[0]), reduce(dict.__or__, gradients)
