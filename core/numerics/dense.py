"""Dense layers, and the flattening before the first of them."""

from math import prod

from core.arrays import Array
from core.numerics.backprop import Backprop


def forward(x: Array, W: Array, b: Array | None) -> tuple[Array, Backprop]:
    """x (N, inputs), W (units, inputs), b (units,) or None -> y = x W^T + b (N, units)."""

    def backprop(dy: Array) -> tuple[Array, dict[str, Array]]:
        gradients = {"weights": dy.T @ x}
        return dy @ W, gradients if b is None else gradients | {"biases": dy.sum(axis=0)}

    return x @ W.T if b is None else x @ W.T + b, backprop


def flatten(x: Array) -> tuple[Array, Backprop]:
    """(N, C, H, W) -> (N, C*H*W), channel by channel, and each channel row by row."""
    return x.reshape(len(x), prod(x.shape[1:])), lambda dy: (dy.reshape(x.shape), {})
