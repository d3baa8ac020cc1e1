"""Convolution as networks mean it: a kernel slides over maps without being flipped, a sum of products at each place."""

import numpy as np

from core.numerics.parallel import at_once
from core.numerics.windows import NO_PADS, Pads, Pair, cells, cropped, padded, positions


BLOCK = 2**20
"""Numbers in one block of columns: about what fits into a core's cache."""


def forward(
    x,
    W,
    b,
    pads: Pads = NO_PADS,
    stride: Pair = (1, 1),
    dilation: Pair = (1, 1),
    need_input_grad=True,
    pad_value: float = 0.0,
):
    """x (N, C, H, W), W (K, C, kh, kw), b (K,) -> y (N, K, rows, columns) and the way back.

    y[n, k, i, j] = b[k] + sum over c, u, v of W[k, c, u, v] * x[n, c, i*stride + u*dilation, j*stride + v*dilation],
    x padded with `pad_value`. What each position meets is laid out as a column, so that all the sums of a block of images
    are one matrix product (Chellapilla, Puri and Simard 2006, "High performance convolutional neural networks for
    document processing"). The blocks do not need each other: every core takes one.
    `need_input_grad=False` spares the way back the gradient of the image, when no layer below learns.
    """
    x = padded(x, pads, pad_value)
    kernel = W.shape[2:]
    outputs = positions(x.shape[2:], kernel, stride, dilation)
    flat = W.reshape(len(W), -1)  # (K, C*kh*kw)

    blocks = _blocks(x, kernel, outputs)
    y = np.empty((len(x), len(W), *outputs), x.dtype)

    def multiply(block):
        sums = flat @ columns(x[block], kernel, outputs, stride, dilation) + b[:, None]
        y[block] = sums.reshape(len(W), -1, *outputs).swapaxes(0, 1)

    at_once(multiply, blocks)

    def backprop(dy):
        dx = np.zeros_like(x) if need_input_grad else None

        def pull(block):
            dsums = dy[block].swapaxes(0, 1).reshape(len(W), -1)
            if dx is not None:
                add_columns(dx[block], flat.T @ dsums, kernel, outputs, stride, dilation)
            return dsums @ columns(x[block], kernel, outputs, stride, dilation).T

        dflat = sum(at_once(pull, blocks))
        result = {"weights": dflat.reshape(W.shape), "biases": dy.sum(axis=(0, 2, 3))}
        return None if dx is None else cropped(dx, pads), result

    return y, backprop


def partial(x, W, table, *how, **more):
    """A convolution whose map k sees only the input maps table[k]: W (K, sees, kh, kw), table (K, sees). The kernels are
    those of a whole convolution with zeros where a map is not seen. -> y, without biases, and the way back."""
    rows = np.arange(len(W))[:, None]
    whole = np.zeros((len(W), x.shape[1], *W.shape[2:]), W.dtype)
    whole[rows, table] = W
    y, backprop = forward(x, whole, np.zeros(len(W), W.dtype), *how, **more)

    def backprop_partial(dy):
        dx, result = backprop(dy)
        return dx, {"weights": result["weights"][rows, table]}

    return y, backprop_partial


def columns(x, kernel: Pair, outputs: Pair, stride: Pair, dilation: Pair):
    """(N, C, H, W) -> (C*kh*kw, N*rows*columns): one column a position, what the kernel meets there ("im2col")."""
    met = np.empty((x.shape[1], *kernel, len(x), *outputs), x.dtype)
    for u, v, position in cells(outputs, kernel, stride, dilation):
        met[:, u, v] = x[position].swapaxes(0, 1)
    return met.reshape(x.shape[1] * kernel[0] * kernel[1], -1)


def add_columns(x, met, kernel: Pair, outputs: Pair, stride: Pair, dilation: Pair) -> None:
    """The way back of `columns`, added into x: a pixel met by several positions collects from all of them ("col2im")."""
    met = met.reshape(x.shape[1], *kernel, len(x), *outputs)
    for u, v, position in cells(outputs, kernel, stride, dilation):
        x[position] += met[:, u, v].swapaxes(0, 1)


def _blocks(x, kernel: Pair, outputs: Pair) -> list[slice]:
    """A few images at a time: their columns stay in the cache, and memory does not grow with the batch."""
    numbers = x.shape[1] * kernel[0] * kernel[1] * outputs[0] * outputs[1]
    images = max(1, BLOCK // numbers)
    return [slice(start, start + images) for start in range(0, max(len(x), 1), images)]
