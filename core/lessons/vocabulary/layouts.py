"""Memory layouts (the order of the axes), shapes after a layer, and the sum over channels."""

from collections.abc import Sequence
from typing import Any

from core.arrays import Array
from core.demos.images import channel_sums, memory_layouts
from core.network.blocks import Layer
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


def _batch(shape: Sequence[int], *layers: Layer) -> tuple[int, ...]:
    """The shape (N, ...) of a batch after some layers; N never changes."""
    return (int(shape[0]), *output_shape(Network(input_shape=tuple(int(n) for n in shape[1:]), layers=layers)))


def after_conv(
    shape: Sequence[int], maps: int, kernel: int, padding: Any = "valid", stride: int = 1
) -> tuple[int, ...]:
    """The shape after a convolution with `maps` filters: (N, C, H, W) -> (N, maps, rows, columns)."""
    return _batch(shape, Conv2D(filters=maps, kernel_size=kernel, padding=padding, stride=stride))


def after_pool(shape: Sequence[int], window: int) -> tuple[int, ...]:
    """The shape after pooling: (N, C, H, W) -> (N, C, H / window, W / window)."""
    return _batch(shape, Pool(window=window))


def flat_size(shape: Sequence[int]) -> tuple[int, ...]:
    """The shape after flattening: (N, C, H, W) -> (N, C*H*W)."""
    return _batch(shape, Flatten())


def conv_parameters(channels: int, maps: int, kernel: int) -> int:
    """The number of weights and biases of a convolution with `maps` filters."""
    size = (int(channels), int(kernel), int(kernel))
    return costs(Network(input_shape=size, layers=(Conv2D(filters=maps, kernel_size=kernel),)))[0].parameters


def reordered_shape(shape: Sequence[int], old: str, new: str) -> tuple[int, ...]:
    """The shape in another layout: ((20, 3, 5, 5), "PyTorch", "TensorFlow") -> (5, 5, 3, 20)."""
    return memory_layouts.convert(old, new, tuple(int(n) for n in shape)).shape


def flat_order(shape: Sequence[int], old: str, new: str) -> Array:
    """The memory of the new layout, each number given by its index in the memory of the old one."""
    return memory_layouts.convert(old, new, tuple(int(n) for n in shape)).new
