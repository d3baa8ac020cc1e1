"""Gradients through a convolution and a pooling: what the sum of the outputs, or an upstream, says of each number."""

from core.demos.images.input_gradients import nudged, through_convolution, through_pooling


__all__ = ["input_gradient", "kernel_gradient", "nudged_kernel", "pooling_gradient"]


def kernel_gradient(image, kernel, upstream=None, stride=1, flip=False):
    """Derivatives by the weights; without an upstream, of the sum of all outputs."""
    return through_convolution(image, kernel, upstream, stride, flip).kernel_gradient


def input_gradient(image, kernel, upstream=None, stride=1, flip=False):
    """Derivatives by the pixels; without an upstream, of the sum of all outputs."""
    return through_convolution(image, kernel, upstream, stride, flip).input_gradient


def nudged_kernel(image, kernel, upstream=None, stride=1, flip=False):
    """What moving each weight a little up and down says of its derivative, without any way back."""
    gradients = through_convolution(image, kernel, upstream, stride, flip)
    return nudged(image, kernel, gradients.upstream, stride, flip)[0]


def pooling_gradient(table, upstream=None, mode="max", window=2, stride=2, ties="first"):
    """Derivatives by the cells of the table; `ties` is "first", "last" or "shared"."""
    return through_pooling(table, upstream, mode, window, stride, ties).gradient
