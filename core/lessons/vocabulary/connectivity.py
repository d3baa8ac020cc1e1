"""Dense, local and shared connections: what each costs, and a convolution as a matrix."""

import numpy as np
from numpy.typing import ArrayLike

from core.arrays import Array
from core.demos.images import connectivity


__all__ = ["connection_count", "connection_matrix", "different", "position_count", "shift_gap", "weight_count"]

KINDS = ("dense", "local", "shared")
position_count = connectivity.position_count


def weight_count(kind: str, pixels: int, units: int, field: int, maps: int = 1, biases: bool = False) -> int:
    """The number of parameters when `units` units in each of `maps` feature maps see an image of `pixels` pixels.

    With local or shared connections, each unit sees a field of `field` pixels. `kind` is one of KINDS.
    """
    result = connectivity.ladder(pixels, units, field, maps)[KINDS.index(kind)]
    return result.weights + (result.biases if biases else 0)


def connection_count(kind: str, pixels: int, units: int, field: int, maps: int = 1) -> int:
    """The number of multiplications for one image."""
    return connectivity.ladder(pixels, units, field, maps)[KINDS.index(kind)].connections


def connection_matrix(size: tuple[int, int], kernel: ArrayLike) -> Array:
    """The convolution (valid, no flip) with a kernel as a matrix (units, pixels)."""
    height, width = map(int, size)
    return connectivity.matrix((height, width), kernel)


def different(values: ArrayLike) -> int:
    """How many different numbers there are, not counting zero."""
    result = np.unique(values)
    return int(np.count_nonzero(result))


def shift_gap(image: ArrayLike, kernel: ArrayLike, down: int, right: int) -> float:
    """The largest difference between correlating the shifted image and shifting the feature map of the original.

    Zeros move in at the edge; cells that see them are left out.
    """
    return connectivity.shift_gap(image, kernel, int(down), int(right))
