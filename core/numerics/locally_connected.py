"""Locally connected layers: windows as in a convolution, but separate kernels at every position."""

import numpy as np

from core.arrays import Array
from core.numerics.backprop import Backprop
from core.numerics.convolution import add_columns, columns
from core.numerics.windows import NO_PADS, Pads, Pair, cropped, padded, positions


def forward(
    x: Array, W: Array, pads: Pads = NO_PADS, stride: Pair = (1, 1), pad_value: float = 0.0
) -> tuple[Array, Backprop]:
    """x (N, C, H, W), W (K, C, kh, kw, rows, columns) -> y (N, K, rows, columns), without biases.

    y[n, k, i, j] = sum over c, u, v of W[k, c, u, v, i, j] * x[n, c, i*stride + u, j*stride + v], where x is padded:
    one matrix product per position.
    """
    x = padded(x, pads, pad_value)
    kernel, outputs, no_dilation = W.shape[2:4], positions(x.shape[2:], W.shape[2:4], stride), (1, 1)
    count = outputs[0] * outputs[1]  # positions
    patches = columns(x, kernel, outputs, stride, no_dilation)
    patches = patches.reshape(-1, len(x), count).transpose(2, 1, 0)  # (positions, N, C*kh*kw)
    flat = W.reshape(len(W), -1, count).transpose(2, 1, 0)  # (positions, C*kh*kw, K)
    y = (patches @ flat).transpose(1, 2, 0).reshape(len(x), len(W), *outputs)

    def backprop(dy: Array) -> tuple[Array, dict[str, Array]]:
        dsums = dy.reshape(len(x), len(W), count).transpose(2, 0, 1)  # (positions, N, K)
        dW = (patches.swapaxes(1, 2) @ dsums).transpose(2, 1, 0).reshape(W.shape)
        dx = np.zeros_like(x)
        add_columns(dx, (dsums @ flat.swapaxes(1, 2)).transpose(2, 1, 0), kernel, outputs, stride, no_dilation)
        return cropped(dx, pads), {"weights": dW}

    return y, backprop
