"""One kernel sliding over one image, with every setting a lesson shows: flip, border, padding, stride, dilation."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from core.arrays import Array
from core.network.layers import Conv2D, Sides
from core.network.network import Network
from core.network.shapes import pads, trace
from core.numerics import convolution


Border = Literal["zero", "wrap"]
MODES: dict[Border, Literal["constant", "wrap"]] = {"zero": "constant", "wrap": "wrap"}


@dataclass(frozen=True)
class Slide:
    """The result of sliding a kernel over an image (H, W)."""

    bordered: Array
    """(H + pads, W + pads): the padded image."""
    kernel: Array
    """(kh, kw), as it is laid over the image: rotated by 180 degrees if flipped."""
    map: Array
    """(rows, columns): the feature map."""
    sides: Sides
    arithmetic: str


def slide(
    image: ArrayLike,
    kernel: ArrayLike,
    padding: Any = "valid",
    stride: Any = 1,
    dilation: Any = 1,
    flip: bool = False,
    border: Border = "zero",
) -> Slide:
    """map[i, j] = sum over u, v of kernel[u, v] * bordered[i*stride + u*dilation, j*stride + v*dilation], in float64.

    `padding`, `stride` and `dilation` are those of Conv2D: padding is "valid", "same", "full", a number or
    ((top, bottom), (left, right)). `border` fills it with zeros or with the opposite edge of the image. Raises
    NetworkError if the kernel does not fit, and pydantic's ValidationError for an invalid stride, kernel or dilation.
    """
    x, k = np.asarray(image, np.float64), np.asarray(kernel, np.float64)
    layer = Conv2D(filters=1, kernel_size=k.shape, padding=padding, stride=stride, dilation=dilation)
    network = Network(input_shape=(1, *x.shape), layers=(layer,))
    arithmetic = trace(network)[0].arithmetic.split(";")[0]
    sides = pads(layer, *x.shape)
    oriented = k[::-1, ::-1] if flip else k
    bordered = np.pad(x, sides, mode=MODES[border])
    result, _ = convolution.forward(
        bordered[None, None], oriented[None, None], np.zeros(1), stride=layer.stride, dilation=layer.dilation
    )
    return Slide(bordered, oriented, result[0, 0], sides, arithmetic)
