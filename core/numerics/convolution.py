"""Convolution as networks use it: a filter slides over the input without being flipped; at each position it computes a
sum of products."""

from functools import reduce
from typing import Any

import numpy as np

from core.arrays import Array
from core.numerics.backprop import Backprop
from core.numerics.parallel import in_parallel
from core.numerics.windows import NO_PADS, Pads, Pair, cells, cropped, padded, positions


BLOCK = 2**20
"""Numbers in one block of columns: about as many as fit into a core's cache."""


def forward(
    x: Array,
    W: Array,
    b: Array,
    pads: Pads = NO_PADS,
    stride: Pair = (1, 1),
    dilation: Pair = (1, 1),
    need_input_grad: bool = True,
    pad_value: float = 0.0,
) -> tuple[Array, Backprop]:
    """x (N, C, H, W), W (K, C, kh, kw), b (K,) -> y (N, K, rows, columns), for K filters.

    y[n, k, i, j] = b[k] + sum over c, u, v of W[k, c, u, v] * x[n, c, i*stride + u*dilation, j*stride + v*dilation],
    where x is padded with `pad_value`. The numbers under the filter at each position become a column, so that one
    matrix product computes all sums of a block of images (Chellapilla, Puri and Simard 2006, "High performance
    convolutional neural networks for document processing"). The blocks are independent and run on all cores. With
    `need_input_grad=False`, for when no layer below learns, backprop skips dx and returns None for it.
    """
    x = padded(x, pads, pad_value)
    kernel = W.shape[2:]
    outputs = positions(x.shape[2:], kernel, stride, dilation)
    flat = W.reshape(len(W), -1)  # (K, C*kh*kw)

    blocks = _blocks(x, kernel, outputs)
    y = np.empty((len(x), len(W), *outputs), x.dtype)

    def multiply(block: slice) -> None:
        sums = flat @ columns(x[block], kernel, outputs, stride, dilation) + b[:, None]
        y[block] = sums.reshape(len(W), -1, *outputs).swapaxes(0, 1)

    in_parallel(multiply, blocks)

    def backprop(dy: Array) -> tuple[Any, dict[str, Array]]:
        dx = np.zeros_like(x) if need_input_grad else None

        def block_gradient(block: slice) -> Array:
            dsums = dy[block].swapaxes(0, 1).reshape(len(W), -1)
            if dx is not None:
                add_columns(dx[block], flat.T @ dsums, kernel, outputs, stride, dilation)
            product: Array = dsums @ columns(x[block], kernel, outputs, stride, dilation).T
            return product

        dflat = reduce(np.add, in_parallel(block_gradient, blocks))
        gradients = {"weights": dflat.reshape(W.shape), "biases": dy.sum(axis=(0, 2, 3))}
        return None if dx is None else cropped(dx, pads), gradients

    return y, backprop


def partial(x: Array, W: Array, table: Array, *options: Any, **named_options: Any) -> tuple[Array, Backprop]:
    """A convolution, without biases, whose filter k sees only the input channels table[k]: W (K, inputs_per_filter, kh,
    kw), table (K, inputs_per_filter). Computed as a full convolution with zero kernels for the other channels; the
    options are those of `forward`."""
    rows = np.arange(len(W))[:, None]
    full = np.zeros((len(W), x.shape[1], *W.shape[2:]), W.dtype)
    full[rows, table] = W
    y, backprop = forward(x, full, np.zeros(len(W), W.dtype), *options, **named_options)

    def backprop_partial(dy: Array) -> tuple[Any, dict[str, Array]]:
        dx, gradients = backprop(dy)
        return dx, {"weights": gradients["weights"][rows, table]}

    return y, backprop_partial


def columns(x: Array, kernel: Pair, outputs: Pair, stride: Pair, dilation: Pair) -> Array:
    """(N, C, H, W) -> (C*kh*kw, N*rows*columns): one column per position, with the numbers under the kernel there
    ("im2col")."""
    patches = np.empty((x.shape[1], *kernel, len(x), *outputs), x.dtype)
    for u, v, position in cells(outputs, kernel, stride, dilation):
        patches[:, u, v] = x[position].swapaxes(0, 1)
    return patches.reshape(x.shape[1] * kernel[0] * kernel[1], -1)


def add_columns(x: Array, patches: Array, kernel: Pair, outputs: Pair, stride: Pair, dilation: Pair) -> None:
    """The backward pass of `columns`, added into x: a pixel that lies under the kernel at several positions receives
    the sum over all of them ("col2im")."""
    patches = patches.reshape(x.shape[1], *kernel, len(x), *outputs)
    for u, v, position in cells(outputs, kernel, stride, dilation):
        x[position] += patches[:, u, v].swapaxes(0, 1)


def _blocks(x: Array, kernel: Pair, outputs: Pair) -> list[slice]:
    """A few images each: their columns fit into the cache, and memory does not grow with the batch."""
    numbers = x.shape[1] * kernel[0] * kernel[1] * outputs[0] * outputs[1]
    images = max(1, BLOCK // numbers)
    return [slice(start, start + images) for start in range(0, max(len(x), 1), images)]
