"""A kernel sliding over an image: correlation and convolution, their output sizes, and two famous bugs."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from core.arrays import Array
from core.demos.images.convolution_2d import Border, slide


__all__ = ["circular", "convolve", "correlate", "forgot_to_add", "half_turn", "output_size"]


def correlate(
    image: ArrayLike,
    kernel: ArrayLike,
    padding: Any = "valid",
    stride: Any = 1,
    dilation: Any = 1,
    border: Border = "zero",
) -> Array:
    """Correlation, which deep learning calls convolution: no flip. (H, W), (kh, kw) -> (rows, columns)."""
    return slide(image, kernel, padding, stride, dilation, False, border).map


def convolve(
    image: ArrayLike,
    kernel: ArrayLike,
    padding: Any = "valid",
    stride: Any = 1,
    dilation: Any = 1,
    border: Border = "zero",
) -> Array:
    """Convolution as in mathematics: the kernel is rotated by 180 degrees first."""
    return slide(image, kernel, padding, stride, dilation, True, border).map


def circular(image: ArrayLike, kernel: ArrayLike) -> Array:
    """True convolution with negative indices wrapping around, as they do in Python; the output has the image's size."""
    height, width = np.shape(kernel)
    return convolve(image, kernel, ((height - 1, 0), (width - 1, 0)), border="wrap")


def forgot_to_add(image: ArrayLike, kernel: ArrayLike) -> Array:
    """The result of `circular` with `=` instead of `+=` in the loop: only the term of the last kernel cell remains."""
    last = np.zeros_like(np.asarray(kernel, np.float64))
    last[-1, -1] = np.asarray(kernel)[-1, -1]
    return circular(image, last)


def half_turn(kernel: ArrayLike) -> Array:
    """The kernel rotated by 180 degrees."""
    return np.asarray(kernel)[::-1, ::-1]


def output_size(size: int, kernel: int, padding: int = 0, stride: int = 1, dilation: int = 1) -> int:
    """The output size floor((N - span + 2P) / S) + 1, counted by sliding along a line of N cells."""
    row = correlate(
        np.zeros((1, size)), np.zeros((1, kernel)), ((0, 0), (padding, padding)), (1, stride), (1, dilation)
    )
    return int(row.shape[1])
