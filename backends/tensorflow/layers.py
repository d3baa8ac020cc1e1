"""core's layers in Keras: one small layer a layer, images (N, H, W, C) as TensorFlow wants them on a CPU."""

from itertools import product

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
)
from core.network.shapes import Sides, Step, pads


def module(step: Step, dtype: str) -> keras.Layer:
    """The Keras layer for one step of a network. Its weights are not set yet: they come from core."""
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
            return MeanOfMaps(dtype=dtype)
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
    """Where windows reach over the border, padding goes before: -inf is never the largest, 0 adds nothing."""
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


class Convolution(keras.Layer):
    """keras.layers.Conv2D with the padding spelled out: its own "same" is all it knows, and it refuses a stride
    together with a dilation. Kernels of some maps get zeros for the maps they do not see."""

    def __init__(self, conv: Conv2D, step: Step, dtype: str):
        super().__init__(dtype=dtype)
        self.conv, (channels, *cells), (_, *self.positions) = conv, step.input, step.output
        self.sides = pads(conv, *cells)
        self.seen = (
            None if conv.inputs_per_filter is None else seen(conv.filters, channels, conv.inputs_per_filter).T
        )  # (inputs_per_filter, filters)

    def build(self, shape) -> None:
        kernels = (*self.conv.kernel_size, self.conv.inputs_per_filter or shape[-1], self.conv.filters)
        self.kernel = self.add_weight(shape=kernels, initializer="zeros")
        self.bias = biases(self, self.conv.bias, (None, *self.positions, self.conv.filters))

    def call(self, x):
        kernels = dilated(self.whole(x.shape[-1]), self.conv.dilation)
        x = around(x, self.sides, self.conv.pad_value)
        return shifted(tf.nn.conv2d(x, kernels, self.conv.stride, padding="VALID"), self.bias)

    def whole(self, channels: int):
        """(kh, kw, channels, maps)"""
        if self.seen is None:
            return self.kernel
        positions = tf.one_hot(self.seen, channels, dtype=self.kernel.dtype)  # (inputs_per_filter, filters, channels)
        return tf.einsum("hwsm,smc->hwcm", self.kernel, positions)


class Local(keras.Layer):
    """Keras 3 has no locally connected layer: what each place meets, times its own kernels."""

    def __init__(self, local: LocallyConnected, step: Step, dtype: str):
        super().__init__(dtype=dtype)
        (_, *cells), (_, *self.positions) = step.input, step.output
        self.local, self.sides = local, pads(local, *cells)

    def build(self, shape) -> None:
        kernels = (*self.local.kernel_size, *self.positions, shape[-1], self.local.filters)
        self.kernel = self.add_weight(shape=kernels, initializer="zeros")
        self.bias = biases(self, self.local.bias, (None, *self.positions, self.local.filters))

    def call(self, x):
        x = around(x, self.sides, self.local.pad_value)
        met = tf.stack(
            [x[(slice(None), *position)] for position in self._cells()], axis=1
        )  # (N, kh*kw, rows, columns, C)
        flat = tf.reshape(self.kernel, [-1, *self.kernel.shape[2:]])
        return shifted(tf.einsum("nwijc,wijck->nijk", met, flat), self.bias)

    def _cells(self):
        """For each cell of the kernel, row by row, the rows and columns it meets in all places."""
        for cell in product(*map(range, self.local.kernel_size)):
            yield tuple(
                slice(at, at + (count - 1) * step + 1, step)
                for at, count, step in zip(cell, self.positions, self.local.stride, strict=True)
            )


class Shift(keras.Layer):
    """Adds a number a map or feature, or one a unit."""

    def __init__(self, bias: str, dtype: str):
        super().__init__(dtype=dtype)
        self.per = bias

    def build(self, shape) -> None:
        self.bias = biases(self, self.per, shape)

    def call(self, x):
        return shifted(x, self.bias)


class Normalisation(keras.Layer):
    """Batch norm in core's terms: keras.layers.BatchNormalization keeps the unbiased variance where its fused kernel
    runs. `training` is said by who calls; nothing else moves the running statistics."""

    def __init__(self, norm: BatchNorm, dtype: str):
        super().__init__(dtype=dtype)
        self.norm = norm

    def build(self, shape) -> None:
        self.gamma, self.beta = (self.add_weight(shape=shape[-1:], initializer="ones") for _ in range(2))
        self.running_mean, self.running_variance = (tf.Variable(tf.ones(shape[-1:], self.dtype)) for _ in range(2))

    def call(self, x, training=False):
        mean, variance = self.running_mean, self.running_variance
        if training:
            mean, variance = tf.nn.moments(x, list(range(len(x.shape) - 1)))
            self._move(self.running_mean, mean)
            self._move(self.running_variance, variance)
        return (x - mean) * (self.gamma * tf.math.rsqrt(variance + self.norm.epsilon)) + self.beta

    def _move(self, running, batch) -> None:
        running.assign(self.norm.momentum * running + (1 - self.norm.momentum) * batch)


class MeanOfMaps(keras.Layer):
    """(N, H, W, C) -> (N, C)"""

    def call(self, x):
        return tf.reduce_mean(x, [1, 2])


class Padded(keras.Layer):
    """Another layer, after a border of one value was put around the maps."""

    def __init__(self, layer: keras.Layer, sides: Sides, value: float, dtype: str):
        super().__init__(dtype=dtype)
        self.layer, self.sides, self.value = layer, sides, value

    def call(self, x):
        return self.layer(around(x, self.sides, self.value))


class PresentAverage(keras.Layer):
    """The mean of the cells of a window that are there."""

    def __init__(self, pool: Pool, sides: Sides, dtype: str):
        super().__init__(dtype=dtype)
        self.pool, self.sides = pool, sides

    def call(self, x):
        return self.sums(x) / self.sums(tf.ones_like(x[:1, ..., :1]))

    def sums(self, x):
        return window_sums(around(x, self.sides, 0.0), self.pool.window, self.pool.step)


class SumPool(keras.Layer):
    def __init__(self, window: tuple[int, int], step: tuple[int, int], dtype: str):
        super().__init__(dtype=dtype)
        self.window, self.step = window, step

    def call(self, x):
        return window_sums(x, self.window, self.step)


class L2Pool(keras.Layer):
    """The root of the sum of squares, with gradient 0 where a window is all zero."""

    def __init__(self, window: tuple[int, int], step: tuple[int, int], dtype: str):
        super().__init__(dtype=dtype)
        self.window, self.step = window, step

    def call(self, x):
        squares = window_sums(x * x, self.window, self.step)
        positive = squares > 0
        return tf.sqrt(tf.where(positive, squares, 1)) * tf.cast(positive, x.dtype)


class LeakyRelu(keras.Layer):
    """tf.nn.leaky_relu takes max(x, slope x), which is another function when the slope is above 1."""

    def __init__(self, slope: float, dtype: str):
        super().__init__(dtype=dtype)
        self.slope = slope

    def call(self, x):
        return tf.where(x > 0, x, self.slope * x)


class Elu(keras.Layer):
    """tf.nn.elu knows no alpha, and its slope at 0 is the right side's: 1."""

    def __init__(self, alpha: float, dtype: str):
        super().__init__(dtype=dtype)
        self.alpha = alpha

    def call(self, x):
        return tf.where(x > 0, x, self.alpha * tf.math.expm1(tf.minimum(x, 0)))


class Maxout(keras.Layer):
    """The largest of every `pieces` neighbouring channels; of equal ones the first gets the gradient (tf.reduce_max
    would share it out)."""

    def __init__(self, pieces: int, dtype: str):
        super().__init__(dtype=dtype)
        self.pieces = pieces

    def call(self, x):
        grouped = tf.reshape(x, [-1, *x.shape[1:-1], x.shape[-1] // self.pieces, self.pieces])
        first = tf.argmax(grouped, axis=-1)
        return tf.gather(grouped, first, axis=-1, batch_dims=len(x.shape))


class ChannelMajorFlatten(keras.Layer):
    """keras.layers.Flatten would put the channels last: dense weights would no longer be core's."""

    def call(self, x):
        channels, height, width = x.shape[3], x.shape[1], x.shape[2]
        return tf.reshape(tf.transpose(x, [0, 3, 1, 2]), [-1, channels * height * width])


class MaskedDropout(keras.Layer):
    """keras.layers.Dropout draws its own mask; here it comes from core, so that every backend drops the same numbers."""

    def __init__(self, rate: float, mode: str, dtype: str):
        super().__init__(dtype=dtype)
        self.rate, self.classic = rate, mode == "classic"

    def call(self, x, kept=None):
        if self.classic:
            return x * (1 - self.rate) if kept is None else x * tf.cast(kept, x.dtype)
        return x if kept is None else x * tf.cast(kept, x.dtype) / (1 - self.rate)


def built(layer: keras.Layer, step: Step) -> keras.Layer:
    """With its weights made."""
    channels, *cells = step.input
    layer.build((None, *cells, channels))
    return layer


def biases(layer: keras.Layer, bias: str, output):
    """The weight for one bias a map, or a unit, of a layer with that output (N, ..., C); None for none."""
    if bias == "none":
        return None
    return layer.add_weight(shape=output[1:] if bias == "per unit" else output[-1:], initializer="zeros")


def shifted(x, bias):
    """x with what `biases` made added."""
    if bias is None:
        return x
    return tf.nn.bias_add(x, bias) if len(bias.shape) == 1 else x + bias


def around(x, sides: Sides, value: float):
    """x with its padding."""
    return tf.pad(x, [(0, 0), *sides, (0, 0)], constant_values=value) if any(map(any, sides)) else x


def dilated(kernels, dilation: tuple[int, int]):
    """(kh, kw, in, out) with zeros between the cells. TensorFlow's convolution cannot go back through a dilation on a
    CPU."""
    if dilation == (1, 1):
        return kernels
    kh, kw, channels, maps = kernels.shape
    dh, dw = dilation
    cells = tf.reshape(kernels, [kh, 1, kw, 1, channels, maps])
    spread = tf.pad(cells, [(0, 0), (0, dh - 1), (0, 0), (0, dw - 1), (0, 0), (0, 0)])
    return tf.reshape(spread, [kh * dh, kw * dw, channels, maps])[: (kh - 1) * dh + 1, : (kw - 1) * dw + 1]


def window_sums(x, window: tuple[int, int], step: tuple[int, int]):
    return tf.nn.avg_pool2d(x, window, step, padding="VALID") * (window[0] * window[1])
