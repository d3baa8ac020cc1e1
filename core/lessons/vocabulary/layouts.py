"""The orders of axes, and the sum over channels."""

from core.demos.images import channel_sums, memory_layouts
from core.network.costs import costs
from core.network.layers import Conv2D, Flatten, Pool
from core.network.network import Network
from core.network.shapes import output_shape


__all__ = [
    "after_conv",
    "after_pool",
    "conv_parameters",
    "flat_order",
    "flat_size",
    "layer_maps",
    "partial_maps",
    "reordered_shape",
]


layer_maps, partial_maps = channel_sums.layer_maps, channel_sums.partial_maps


def _batch(shape, *layers):
    """(N, ...) after some layers: N is not the layers' business."""
    return (int(shape[0]), *output_shape(Network(input_shape=tuple(int(n) for n in shape[1:]), layers=layers)))


def after_conv(shape, maps, kernel, padding="valid", stride=1):
    """(N, C, H, W) -> (N, maps, rows, columns)."""
    return _batch(shape, Conv2D(filters=maps, kernel_size=kernel, padding=padding, stride=stride))


def after_pool(shape, window):
    """(N, C, H, W) -> (N, C, H / window, W / window)."""
    return _batch(shape, Pool(window=window))


def flat_size(shape):
    """(N, C, H, W) -> (N, C*H*W)."""
    return _batch(shape, Flatten())


def conv_parameters(channels, maps, kernel):
    """Weights and biases of a convolution."""
    size = (int(channels), int(kernel), int(kernel))
    return costs(Network(input_shape=size, layers=(Conv2D(filters=maps, kernel_size=kernel),)))[0].parameters


def reordered_shape(shape, old, new):
    """The shape in another order: ((20, 3, 5, 5), "PyTorch", "TensorFlow") -> (5, 5, 3, 20)."""
    return memory_layouts.convert(old, new, tuple(int(n) for n in shape)).shape


def flat_order(shape, old, new):
    """Numbers counted in one order of memory, as they come in another."""
    return memory_layouts.convert(old, new, tuple(int(n) for n in shape)).new
