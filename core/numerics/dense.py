"""Dense layers, and the flattening that comes before the first of them."""

from math import prod


def forward(x, W, b):
    """x (N, inputs), W (units, inputs), b (units,) or None -> y = x W^T + b (N, units), and the way back."""

    def backprop(dy):
        result = {"weights": dy.T @ x}
        return dy @ W, result if b is None else result | {"biases": dy.sum(axis=0)}

    return x @ W.T if b is None else x @ W.T + b, backprop


def flatten(x):
    """(N, C, H, W) -> (N, C*H*W), channel-major: all of channel 0 first, row by row."""
    return x.reshape(len(x), prod(x.shape[1:])), lambda dy: (dy.reshape(x.shape), {})
