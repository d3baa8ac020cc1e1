"""core's layers in Keras: one small class per layer, images (N, H, W, C) as TensorFlow needs them on a CPU.

TensorFlow and Keras come without types, so tensors are `Any` here.
"""

from collections.abc import Iterator
from itertools import product
from typing import Any

import keras
import tensorflow as tf

from core.network.blocks import Branches, Residual
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
    Sides,
)
from core.network.shapes import Step, pads


def module(step: Step, dtype: str) -> keras.Layer:
    """The Keras layer for one step of a network. Its weights are not initialised: they come from core."""
    match step.layer:
        case Dense(units=units, bias=bias):
            dense = keras.layers.Dense(units, use_bias=bias != "none", kernel_initializer="zeros", dtype=dtype)
            return built(dense, step)
        case Conv2D() as conv:
            return built(Convolution(conv, step, dtype=dtype), step)
        case LocallyConnected() as local:
            return built(Local(local, step, dtype=dtype), step)
        case Bias(bias=bias):
            return built(Shift(bias, dtype=dtype), step)
        case BatchNorm() as norm:
            return built(Normalisation(norm, dtype=dtype), step)
        case GlobalAveragePool():
            return GlobalAverage(dtype=dtype)
        case Pool() as pool:
            return pooling(pool, step, dtype)
        case Activation() as activation:
            return nonlinearity(activation, dtype)
        case Flatten():
            return ChannelMajorFlatten(dtype=dtype) if len(step.input) == 3 else keras.layers.Identity(dtype=dtype)
        case Dropout(rate=rate, mode=mode):
            return MaskedDropout(rate, mode, dtype=dtype)
        case Residual():
            return keras.layers.Add(dtype=dtype)
        case Branches():
            return keras.layers.Concatenate(axis=-1, dtype=dtype)
    raise TypeError(f"no TensorFlow layer for {type(step.layer).__name__}")


def pooling(pool: Pool, step: Step, dtype: str) -> keras.Layer:
    """Where windows extend beyond the border, the input is padded first: -inf is never the maximum, 0 adds nothing."""
    sides = pads(pool, *step.input[1:])
    if not any(map(any, sides)):
        return plain_pooling(pool, dtype)
    if pool.mode == "average":
        return PresentAverage(pool, sides, dtype=dtype)
    return Padded(plain_pooling(pool, dtype), sides, float("-inf") if pool.mode == "max" else 0.0, dtype=dtype)


def plain_pooling(pool: Pool, dtype: str) -> keras.Layer:
    shared = {"strides": pool.step, "data_format": "channels_last", "dtype": dtype}
    match pool.mode:
        case "max":
            return keras.layers.MaxPooling2D(pool.window, **shared)
        case "average":
            return keras.layers.AveragePooling2D(pool.window, **shared)
        case "sum":
            return SumPool(pool.window, pool.step, dtype=dtype)
        case "l2":
            return L2Pool(pool.window, pool.step, dtype=dtype)


def nonlinearity(activation: Activation, dtype: str) -> keras.Layer:
    match activation.function:
        case "linear":
            return keras.layers.Identity(dtype=dtype)
        case "sigmoid" | "tanh" | "relu":
            return keras.layers.Activation(getattr(tf.nn, activation.function), dtype=dtype)
        case "leaky_relu":
            return LeakyRelu(activation.slope, dtype=dtype)
        case "elu":
            return Elu(activation.alpha, dtype=dtype)
        case "maxout":
            return Maxout(activation.pieces, dtype=dtype)
        case "softmax":
            return keras.layers.Activation(tf.nn.softmax, dtype=dtype)


class Layer(keras.Layer):  # type: ignore[misc]  # Keras comes without types
    """keras.Layer; the layers below derive from this one untyped class."""


class Convolution(Layer):
    """A convolution with any padding, and with stride and dilation together; keras.layers.Conv2D offers neither.
    Filters that see some of the input channels only get zeros in place of the kernels of all others."""

    def __init__(self, conv: Conv2D, step: Step, dtype: str):
        super().__init__(dtype=dtype)
        self.conv, (channels, *cells), (_, *self.positions) = conv, step.input, step.output
        self.sides = pads(conv, *cells)
        self.seen = (
            None if conv.inputs_per_filter is None else seen(conv.filters, channels, conv.inputs_per_filter).T
        )  # (inputs_per_filter, filters)

    def build(self, shape: tuple[int | None, ...]) -> None:
        kernels = (*self.conv.kernel_size, self.conv.inputs_per_filter or shape[-1], self.conv.filters)
        self.kernel = self.add_weight(shape=kernels, initializer="zeros")
        self.bias = biases(self, self.conv.bias, (None, *self.positions, self.conv.filters))

    def call(self, x: Any) -> Any:
        kernels = dilated(self.whole(x.shape[-1]), self.conv.dilation)
        x = padded(x, self.sides, self.conv.pad_value)
        return shifted(tf.nn.conv2d(x, kernels, self.conv.stride, padding="VALID"), self.bias)

    def whole(self, channels: int) -> Any:
        """The full kernels (kh, kw, channels, filters)."""
        if self.seen is None:
            return self.kernel
        sees = tf.one_hot(self.seen, channels, dtype=self.kernel.dtype)  # (inputs_per_filter, filters, channels)
        return tf.einsum("hwsm,smc->hwcm", self.kernel, sees)


class Local(Layer):
    """A locally connected layer, which Keras 3 lacks: each window is multiplied by the kernels of its own position."""

    def __init__(self, local: LocallyConnected, step: Step, dtype: str):
        super().__init__(dtype=dtype)
        (_, *cells), (_, *self.positions) = step.input, step.output
        self.local, self.sides = local, pads(local, *cells)

    def build(self, shape: tuple[int | None, ...]) -> None:
        kernels = (*self.local.kernel_size, *self.positions, shape[-1], self.local.filters)
        self.kernel = self.add_weight(shape=kernels, initializer="zeros")
        self.bias = biases(self, self.local.bias, (None, *self.positions, self.local.filters))

    def call(self, x: Any) -> Any:
        x = padded(x, self.sides, self.local.pad_value)
        windows = tf.stack(
            [x[(slice(None), *position)] for position in self._cells()], axis=1
        )  # (N, kh*kw, rows, columns, C)
        flat = tf.reshape(self.kernel, [-1, *self.kernel.shape[2:]])
        return shifted(tf.einsum("nwijc,wijck->nijk", windows, flat), self.bias)

    def _cells(self) -> Iterator[tuple[slice, ...]]:
        """For each cell of the kernel, row by row: the rows and columns of the input it covers over all positions."""
        for cell in product(*map(range, self.local.kernel_size)):
            yield tuple(
                slice(at, at + (count - 1) * step + 1, step)
                for at, count, step in zip(cell, self.positions, self.local.stride, strict=True)
            )


class Shift(Layer):
    """Adds one bias per channel or feature, or one per unit."""

    def __init__(self, bias: str, dtype: str):
        super().__init__(dtype=dtype)
        self.per = bias

    def build(self, shape: tuple[int | None, ...]) -> None:
        self.bias = biases(self, self.per, shape)

    def call(self, x: Any) -> Any:
        return shifted(x, self.bias)


class Normalisation(Layer):
    """Batch norm as core defines it: keras.layers.BatchNormalization tracks the unbiased variance when its fused kernel
    runs. Only a call with `training=True` updates the running statistics."""

    def __init__(self, norm: BatchNorm, dtype: str):
        super().__init__(dtype=dtype)
        self.norm = norm

    def build(self, shape: tuple[int | None, ...]) -> None:
        self.gamma, self.beta = (self.add_weight(shape=shape[-1:], initializer="ones") for _ in range(2))
        self.running_mean, self.running_variance = (tf.Variable(tf.ones(shape[-1:], self.dtype)) for _ in range(2))

    def call(self, x: Any, training: bool = False) -> Any:
        mean, variance = self.running_mean, self.running_variance
        if training:
            mean, variance = tf.nn.moments(x, list(range(len(x.shape) - 1)))
            self._move(self.running_mean, mean)
            self._move(self.running_variance, variance)
        return (x - mean) * (self.gamma * tf.math.rsqrt(variance + self.norm.epsilon)) + self.beta

    def _move(self, running: Any, batch: Any) -> None:
        running.assign(self.norm.momentum * running + (1 - self.norm.momentum) * batch)


class GlobalAverage(Layer):
    """The mean of each feature map: (N, H, W, C) -> (N, C)."""

    def call(self, x: Any) -> Any:
        return tf.reduce_mean(x, [1, 2])


class Padded(Layer):
    """Pads with a constant value, then applies another layer."""

    def __init__(self, layer: keras.Layer, sides: Sides, value: float, dtype: str):
        super().__init__(dtype=dtype)
        self.layer, self.sides, self.value = layer, sides, value

    def call(self, x: Any) -> Any:
        return self.layer(padded(x, self.sides, self.value))


class PresentAverage(Layer):
    """The mean over the cells of a window inside the image."""

    def __init__(self, pool: Pool, sides: Sides, dtype: str):
        super().__init__(dtype=dtype)
        self.pool, self.sides = pool, sides

    def call(self, x: Any) -> Any:
        return self.sums(x) / self.sums(tf.ones_like(x[:1, ..., :1]))

    def sums(self, x: Any) -> Any:
        return window_sums(padded(x, self.sides, 0.0), self.pool.window, self.pool.step)


class SumPool(Layer):
    """The sum of each window."""

    def __init__(self, window: tuple[int, int], step: tuple[int, int], dtype: str):
        super().__init__(dtype=dtype)
        self.window, self.step = window, step

    def call(self, x: Any) -> Any:
        return window_sums(x, self.window, self.step)


class L2Pool(Layer):
    """The root of the sum of squares, with gradient 0 where a window is all zero."""

    def __init__(self, window: tuple[int, int], step: tuple[int, int], dtype: str):
        super().__init__(dtype=dtype)
        self.window, self.step = window, step

    def call(self, x: Any) -> Any:
        squares = window_sums(x * x, self.window, self.step)
        positive = squares > 0
        return tf.sqrt(tf.where(positive, squares, 1)) * tf.cast(positive, x.dtype)


class LeakyRelu(Layer):
    """x, or slope x where x is negative; tf.nn.leaky_relu is max(x, slope x), which differs for slopes above 1."""

    def __init__(self, slope: float, dtype: str):
        super().__init__(dtype=dtype)
        self.slope = slope

    def call(self, x: Any) -> Any:
        return tf.where(x > 0, x, self.slope * x)


class Elu(Layer):
    """ELU with an alpha. tf.nn.elu has none, and its slope at 0 is that of the right side: 1."""

    def __init__(self, alpha: float, dtype: str):
        super().__init__(dtype=dtype)
        self.alpha = alpha

    def call(self, x: Any) -> Any:
        return tf.where(x > 0, x, self.alpha * tf.math.expm1(tf.minimum(x, 0)))


class Maxout(Layer):
    """The maximum of each group of `pieces` neighbouring channels; in a tie, the first gets the gradient (tf.reduce_max
    would divide it among them)."""

    def __init__(self, pieces: int, dtype: str):
        super().__init__(dtype=dtype)
        self.pieces = pieces

    def call(self, x: Any) -> Any:
        grouped = tf.reshape(x, [-1, *x.shape[1:-1], x.shape[-1] // self.pieces, self.pieces])
        first = tf.argmax(grouped, axis=-1)
        return tf.gather(grouped, first, axis=-1, batch_dims=len(x.shape))


class ChannelMajorFlatten(Layer):
    """Flattens channels first. keras.layers.Flatten puts them last, and dense weights would not match core's."""

    def call(self, x: Any) -> Any:
        channels, height, width = x.shape[3], x.shape[1], x.shape[2]
        return tf.reshape(tf.transpose(x, [0, 3, 1, 2]), [-1, channels * height * width])


class MaskedDropout(Layer):
    """Dropout with a mask from core, so that all backends drop the same units; keras.layers.Dropout draws its own."""

    def __init__(self, rate: float, mode: str, dtype: str):
        super().__init__(dtype=dtype)
        self.rate, self.classic = rate, mode == "classic"

    def call(self, x: Any, kept: Any = None) -> Any:
        if self.classic:
            return x * (1 - self.rate) if kept is None else x * tf.cast(kept, x.dtype)
        return x if kept is None else x * tf.cast(kept, x.dtype) / (1 - self.rate)


def built(layer: keras.Layer, step: Step) -> keras.Layer:
    """The layer, with its weights created."""
    channels, *cells = step.input
    layer.build((None, *cells, channels))
    return layer


def biases(layer: Any, bias: str, output: tuple[int | None, ...]) -> Any:
    """A weight with one bias per channel or per unit for a layer with this output shape (N, ..., C); None for none."""
    if bias == "none":
        return None
    return layer.add_weight(shape=output[1:] if bias == "per unit" else output[-1:], initializer="zeros")


def shifted(x: Any, bias: Any) -> Any:
    """x plus the bias from `biases`."""
    if bias is None:
        return x
    return tf.nn.bias_add(x, bias) if len(bias.shape) == 1 else x + bias


def padded(x: Any, sides: Sides, value: float) -> Any:
    """x, padded with a constant value."""
    return tf.pad(x, [(0, 0), *sides, (0, 0)], constant_values=value) if any(map(any, sides)) else x


def dilated(kernels: Any, dilation: tuple[int, int]) -> Any:
    """(kh, kw, in, out) with zeros between the cells. On a CPU, TensorFlow has no gradient for dilated convolutions."""
    if dilation == (1, 1):
        return kernels
    kh, kw, channels, filters = kernels.shape
    dh, dw = dilation
    cells = tf.reshape(kernels, [kh, 1, kw, 1, channels, filters])
    spread = tf.pad(cells, [(0, 0), (0, dh - 1), (0, 0), (0, dw - 1), (0, 0), (0, 0)])
    return tf.reshape(spread, [kh * dh, kw * dw, channels, filters])[: (kh - 1) * dh + 1, : (kw - 1) * dw + 1]


def window_sums(x: Any, window: tuple[int, int], step: tuple[int, int]) -> Any:
    return tf.nn.avg_pool2d(x, window, step, padding="VALID") * (window[0] * window[1])
