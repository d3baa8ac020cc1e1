"""Gradients through a convolution and through pooling, for a given upstream gradient or for the sum of the outputs."""

from numpy.typing import ArrayLike

from core.arrays import Array
from core.demos.images.input_gradients import Ties, nudged, through_convolution, through_pooling


__all__ = ["input_gradient", "kernel_gradient", "nudged_kernel", "pooling_gradient"]


def kernel_gradient(
    image: ArrayLike, kernel: ArrayLike, upstream: ArrayLike | None = None, stride: int = 1, flip: bool = False
) -> Array:
    """The gradient with respect to the weights; without an upstream gradient, that of the sum of all outputs."""
    return through_convolution(image, kernel, upstream, stride, flip).kernel_gradient


def input_gradient(
    image: ArrayLike, kernel: ArrayLike, upstream: ArrayLike | None = None, stride: int = 1, flip: bool = False
) -> Array:
    """The gradient with respect to the pixels; without an upstream gradient, that of the sum of all outputs."""
    return through_convolution(image, kernel, upstream, stride, flip).input_gradient


def nudged_kernel(
    image: ArrayLike, kernel: ArrayLike, upstream: ArrayLike | None = None, stride: int = 1, flip: bool = False
) -> Array:
    """The gradient with respect to the weights without a backward pass: each weight is moved a little up and down."""
    gradients = through_convolution(image, kernel, upstream, stride, flip)
    return nudged(image, kernel, gradients.upstream, stride, flip)[0]


def pooling_gradient(
    table: ArrayLike,
    upstream: ArrayLike | None = None,
    mode: str = "max",
    window: int = 2,
    stride: int = 2,
    ties: Ties = "first",
) -> Array:
    """The gradient with respect to the cells of a table; `ties` is "first", "last" or "shared"."""
    return through_pooling(table, upstream, mode, window, stride, ties).gradient
