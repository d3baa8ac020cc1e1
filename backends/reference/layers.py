"""Computes each layer with its function in core.numerics."""

from collections.abc import Callable
from typing import Any

from core.arrays import Array
from core.network.connection_table import seen
from core.network.layers import (
    Activation,
    BatchNorm,
    Bias,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePool,
    LocallyConnected,
    Pool,
)
from core.network.shapes import pads
from core.numerics import activations, batch_norm, bias, convolution, dense, dropout, locally_connected, pooling


Arrays = dict[str, Array]
Forward = tuple[Array, Callable[[Array], tuple[Any, Arrays]]]
"""y and backprop(dy) -> dx, {"weights": dW, "biases": db}; dx is None where no gradient of the input is needed."""


def forward(
    layer: Any,
    x: Array,
    weights: Arrays,
    mask: Array | None = None,
    need_input_grad: bool = True,
    statistics: Arrays | None = None,
) -> Forward:
    """-> y and backprop(dy) -> dx, {"weights": ..., "biases": ...}. `weights` are this layer's, under the same
    names. Without a mask, dropout is off. `need_input_grad=False` means that dx will not be used. Batch norm
    normalises with `statistics` {"running_mean": ..., "running_variance": ...}, or, in training, without them: with
    those of the batch."""
    match layer:
        case Conv2D():
            return convolve(layer, x, weights, need_input_grad)
        case LocallyConnected(stride=stride, pad_value=pad_value):
            sums = locally_connected.forward(x, weights["weights"], pads(layer, *x.shape[2:]), stride, pad_value)
            return bias.added(sums, weights.get("biases"))
        case Dense():
            return dense.forward(x, weights["weights"], weights.get("biases"))
        case Bias():
            return bias.forward(x, weights["biases"])
        case BatchNorm():
            return normalise(layer, x, weights, statistics)
        case Pool():
            return _POOLS[layer.mode](x, layer.window, layer.step, pads(layer, *x.shape[2:]))
        case GlobalAveragePool():
            return pooling.global_average_pool(x)
        case Activation():
            return activate(layer, x)
        case Flatten():
            return dense.flatten(x)
        case Dropout(rate=rate, mode=mode):
            return dropout.forward(x, mask, rate, mode)
    raise TypeError(f"the reference has no {type(layer).__name__}")


def convolve(layer: Conv2D, x: Array, weights: Arrays, need_input_grad: bool) -> Forward:
    """Full kernels with one bias per channel take the fast path; partial kernels, a bias per unit or none take two
    steps."""
    W, b = weights["weights"], weights.get("biases")
    geometry = pads(layer, *x.shape[2:]), layer.stride, layer.dilation, need_input_grad, layer.pad_value
    if layer.inputs_per_filter is None and b is not None and b.ndim == 1:
        return convolution.forward(x, W, b, *geometry)
    return bias.added(convolution.partial(x, W, seen(layer.filters, x.shape[1], layer.inputs_per_filter), *geometry), b)


def normalise(layer: BatchNorm, x: Array, weights: Arrays, statistics: Arrays | None) -> Forward:
    gamma, beta = weights["gamma"], weights["beta"]
    if statistics is None:
        return batch_norm.from_batch(x, gamma, beta, layer.epsilon)
    mean, variance = statistics["running_mean"], statistics["running_variance"]
    return batch_norm.fixed(x, gamma, beta, mean, variance, layer.epsilon)


def moved_statistics(layer: BatchNorm, x: Array, statistics: Arrays) -> Arrays:
    """The running statistics after a training step on x."""
    mean, variance = batch_norm.moments(x)
    return {
        "running_mean": batch_norm.moved(statistics["running_mean"], mean, layer.momentum),
        "running_variance": batch_norm.moved(statistics["running_variance"], variance, layer.momentum),
    }


def activate(layer: Activation, x: Array) -> Forward:
    match layer.function:
        case "leaky_relu":
            return activations.leaky_relu(x, layer.slope)
        case "elu":
            return activations.elu(x, layer.alpha)
        case "maxout":
            return activations.maxout(x, layer.pieces)
    return _PLAIN_ACTIVATIONS[layer.function](x)


_POOLS = {"max": pooling.max_pool, "average": pooling.average_pool, "sum": pooling.sum_pool, "l2": pooling.l2_pool}
_PLAIN_ACTIVATIONS = {
    "linear": activations.linear,
    "sigmoid": activations.sigmoid,
    "tanh": activations.tanh,
    "relu": activations.relu,
    "softmax": activations.softmax,
}
