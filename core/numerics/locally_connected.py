"""Locally connected layers: windows as in a convolution, but each place has kernels of its own."""

import numpy as np

from core.numerics.convolution import Pads, add_columns, columns, cropped, padded
from core.numerics.windows import Pair, positions


def forward(x, W, pads: Pads = ((0, 0), (0, 0)), stride: Pair = (1, 1), pad_value: float = 0.0):
    """x (N, C, H, W), W (K, C, kh, kw, rows, columns) -> y (N, K, rows, columns), without biases, and the way back.

    y[n, k, i, j] = sum over c, u, v of W[k, c, u, v, i, j] * x[n, c, i*stride + u, j*stride + v], x padded: one matrix
    product a place.
    """
    x = padded(x, pads, pad_value)
    kernel, outputs, ones = W.shape[2:4], positions(x.shape[2:], W.shape[2:4], stride), (1, 1)
    indices = outputs[0] * outputs[1]
    met = (
        columns(x, kernel, outputs, stride, ones).reshape(-1, len(x), indices).transpose(2, 1, 0)
    )  # (places, N, C*kh*kw)
    flat = W.reshape(len(W), -1, indices).transpose(2, 1, 0)  # (places, C*kh*kw, K)
    y = (met @ flat).transpose(1, 2, 0).reshape(len(x), len(W), *outputs)

    def backprop(dy):
        dsums = dy.reshape(len(x), len(W), indices).transpose(2, 0, 1)  # (places, N, K)
        dW = (met.swapaxes(1, 2) @ dsums).transpose(2, 1, 0).reshape(W.shape)
        dx = np.zeros_like(x)
        add_columns(dx, (dsums @ flat.swapaxes(1, 2)).transpose(2, 1, 0), kernel, outputs, stride, ones)
        return cropped(dx, pads), {"weights": dW}

    return y, backprop
