"""Adding a bias: one number per feature map (or feature), or one per unit, the same for all images."""

from typing import Any

from core.arrays import Array
from core.numerics.backprop import Backprop


def forward(x: Array, b: Array) -> tuple[Array, Backprop]:
    """x (N, C, ...), b (C,) or (C, ...) -> x + b."""
    broadcast = b.reshape(*b.shape, *[1] * (x.ndim - 1 - b.ndim))

    def backprop(dy: Array) -> tuple[Array, dict[str, Array]]:
        shared_axes = tuple(axis + 1 for axis in range(b.ndim, x.ndim - 1))
        return dy, {"biases": dy.sum(axis=(0, *shared_axes))}

    return x + broadcast, backprop


def added(layer: tuple[Array, Backprop], b: Array | None) -> tuple[Array, Backprop]:
    """Add a bias to the y and backprop of a layer that has none; with `b` None, return them unchanged."""
    if b is None:
        return layer
    y, backprop = layer
    biased, backprop_bias = forward(y, b)

    def backprop_both(dy: Array) -> tuple[Any, dict[str, Array]]:
        dx, gradients = backprop(dy)
        return dx, gradients | backprop_bias(dy)[1]

    return biased, backprop_both
