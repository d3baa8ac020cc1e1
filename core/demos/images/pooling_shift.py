"""One pooling window sliding over one image, and how shifting the image changes the result."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from core.arrays import Array
from core.network.layers import Pool
from core.network.network import Network
from core.network.shapes import trace
from core.numerics import pooling


PoolMode = Literal["max", "average", "sum", "l2"]
RULES = {"max": pooling.max_pool, "average": pooling.average_pool, "sum": pooling.sum_pool, "l2": pooling.l2_pool}


@dataclass(frozen=True)
class Pooled:
    """The result of pooling an image (H, W)."""

    map: Array
    """(rows, columns)"""
    windows: list[list[Array]]
    """The numbers that each output is computed from, row by row."""
    arithmetic: str


def pool(image: ArrayLike, mode: PoolMode = "max", window: int = 2, stride: int | None = None) -> Pooled:
    """Pool in float64; without a stride, windows touch and do not overlap.

    Raises NetworkError if the window does not fit, and pydantic's ValidationError for an invalid window or stride.
    """
    x = np.asarray(image, np.float64)
    layer = Pool(mode=mode, window=window, stride=stride)
    arithmetic = trace(Network(input_shape=(1, *x.shape), layers=(layer,)))[0].arithmetic
    result, _ = RULES[mode](x[None, None], layer.window, layer.step)
    (height, width), (down, right) = layer.window, layer.step
    rows, columns = result.shape[2:]
    windows = [
        [x[i * down : i * down + height, j * right : j * right + width].ravel() for j in range(columns)]
        for i in range(rows)
    ]
    return Pooled(result[0, 0], windows, arithmetic)


def moved(image: ArrayLike, down: int = 0, right: int = 0) -> Array:
    """The image (H, W) shifted by whole cells: zeros move in, and what leaves at the edge is lost."""
    x = np.asarray(image, np.float64)
    result = np.zeros_like(x)
    height, width = x.shape
    rows = slice(max(down, 0), min(height, height + down)), slice(max(-down, 0), min(height, height - down))
    columns = slice(max(right, 0), min(width, width + right)), slice(max(-right, 0), min(width, width - right))
    result[rows[0], columns[0]] = x[rows[1], columns[1]]
    return result


def changed(before: Array, after: Array) -> Array:
    """Which cells of two feature maps differ, bool."""
    return np.asarray(~np.isclose(before, after, rtol=0, atol=1e-9))
