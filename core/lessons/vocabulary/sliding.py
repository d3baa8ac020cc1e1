"""A kernel that slides over an image: correlation and convolution, their sizes, and two famous slips."""

import numpy as np

from core.demos.images.convolution_2d import slide


__all__ = ["circular", "convolve", "correlate", "forgot_to_add", "half_turn", "output_size"]


def correlate(image, kernel, padding="valid", stride=1, dilation=1, border="zero"):
    """What deep learning calls convolution: no flip. (H, W), (kh, kw) -> (rows, columns)."""
    return slide(image, kernel, padding, stride, dilation, False, border).map


def convolve(image, kernel, padding="valid", stride=1, dilation=1, border="zero"):
    """The convolution of mathematics: the kernel is turned by 180 degrees first."""
    return slide(image, kernel, padding, stride, dilation, True, border).map


def circular(image, kernel):
    """True convolution whose indices below zero wrap around, as Python's do; the size of the image."""
    height, width = np.shape(kernel)
    return convolve(image, kernel, ((height - 1, 0), (width - 1, 0)), border="wrap")


def forgot_to_add(image, kernel):
    """What is left of `circular` when `=` stands in the loop instead of `+=`: its last kernel cell's term."""
    last = np.zeros_like(np.asarray(kernel, np.float64))
    last[-1, -1] = np.asarray(kernel)[-1, -1]
    return circular(image, last)


def half_turn(kernel):
    """Turned by 180 degrees."""
    return np.asarray(kernel)[::-1, ::-1]


def output_size(size: int, kernel: int, padding: int = 0, stride: int = 1, dilation: int = 1) -> int:
    """floor((N - span + 2P) / S) + 1, counted by sliding along a line of N cells."""
    row = correlate(
        np.zeros((1, size)), np.zeros((1, kernel)), ((0, 0), (padding, padding)), (1, stride), (1, dilation)
    )
    return row.shape[1]
