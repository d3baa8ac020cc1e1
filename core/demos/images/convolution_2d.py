"""One kernel sliding over one image, with every choice a lesson shows: flip, border, padding, stride, dilation."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.arrays import Array
from core.network.layers import Conv2D
from core.network.network import Network
from core.network.shapes import Sides, pads, trace
from core.numerics import convolution


Border = Literal["zero", "wrap"]
MODES: dict[Border, Literal["constant", "wrap"]] = {"zero": "constant", "wrap": "wrap"}


@dataclass(frozen=True)
class Slide:
    """What came of it. Sizes: image (H, W), bordered (H + pads, W + pads), kernel (kh, kw), map (rows, columns)."""

    bordered: Array
    kernel: Array
    """As it is laid over the image: turned by 180 degrees if flipped."""
    map: Array
    sides: Sides
    arithmetic: str


def slide(image, kernel, padding="valid", stride=1, dilation=1, flip: bool = False, border: Border = "zero") -> Slide:
    """map[i, j] = sum over u, v of kernel[u, v] * bordered[i*stride + u*dilation, j*stride + v*dilation], in float64.

    `padding` as in Conv2D: "valid", "same", "full", a number or ((top, bottom), (left, right)); `border` says what stands
    there, zeros or the other edge of the image. Raises NetworkError where the kernel does not fit, and pydantic's
    ValidationError for a stride, kernel or dilation that cannot be.
    """
    x, k = np.asarray(image, np.float64), np.asarray(kernel, np.float64)
    layer = Conv2D(filters=1, kernel_size=k.shape, padding=padding, stride=stride, dilation=dilation)
    network = Network(input_shape=(1, *x.shape), layers=(layer,))
    arithmetic = trace(network)[0].arithmetic.split(";")[0]
    sides = pads(layer, *x.shape)
    laid = k[::-1, ::-1] if flip else k
    bordered = np.pad(x, sides, mode=MODES[border])
    result, _ = convolution.forward(
        bordered[None, None], laid[None, None], np.zeros(1), stride=layer.stride, dilation=layer.dilation
    )
    return Slide(bordered, laid, result[0, 0], sides, arithmetic)
