"""Three ways to connect units to an image: to every pixel, to a small field, to a small field with shared weights."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from core.arrays import Array
from core.demos.images.convolution_2d import slide
from core.numerics.windows import positions


@dataclass(frozen=True)
class Wiring:
    """The cost of a layer with one way of connecting."""

    kind: str
    connections: int
    """Multiplications for one image."""
    weights: int
    """Different numbers to learn."""
    biases: int
    """One per unit, or one per feature map when weights are shared."""


def ladder(pixels: int, units: int, field: int, maps: int = 1) -> tuple[Wiring, Wiring, Wiring]:
    """Dense, local and shared connections from an image of `pixels` pixels to `maps` feature maps of `units` units.

    A local or shared unit sees a field of `field` pixels.
    """
    local = field * units * maps
    return (
        Wiring("dense", pixels * units * maps, pixels * units * maps, units * maps),
        Wiring("local", local, local, units * maps),
        Wiring("shared", local, field * maps, maps),
    )


def position_count(side: int, field: int) -> int:
    """The units of a feature map over a square image: the positions where a square field fits."""
    rows, columns = positions((side, side), (field, field))
    return rows * columns


def wires(size: tuple[int, int], field: tuple[int, int], kind: str) -> Array:
    """(units, pixels) whole numbers: the index of the weight that connects a unit and a pixel, or -1 for none.

    Row i is the i-th position of the field, column j the j-th pixel, both counted row by row. "shared" is a convolution
    written as one matrix: the same few weights in every row, shifted.
    """
    rows, columns = positions(size, field)
    result = np.full((rows * columns, size[0] * size[1]), -1)
    if kind == "dense":
        return np.arange(result.size).reshape(result.shape)
    weight = np.arange(field[0] * field[1]).reshape(field)
    for unit, (i, j) in enumerate(np.ndindex(rows, columns)):
        patch = result[unit].reshape(size)[i : i + field[0], j : j + field[1]]
        patch[:] = weight + (unit * weight.size if kind == "local" else 0)
    return result


def matrix(size: tuple[int, int], kernel: ArrayLike) -> Array:
    """The convolution (no flip, valid) with `kernel` as a matrix (units, pixels).

    Its product with the flattened image is the flattened feature map.
    """
    k = np.asarray(kernel, np.float64)
    height, width = k.shape
    indices = wires(size, (height, width), "shared")
    return np.where(indices >= 0, k.ravel()[indices], 0.0)


def moved(image: ArrayLike, down: int, right: int) -> Array:
    """The image (H, W) shifted by whole cells; zeros move in. `down` and `right` are 0 or more."""
    image = np.asarray(image, np.float64)
    result = np.zeros_like(image)
    result[down:, right:] = image[: image.shape[0] - down, : image.shape[1] - right]
    return result


def shift_gap(image: ArrayLike, kernel: ArrayLike, down: int, right: int) -> float:
    """The largest difference between convolving a shifted image and shifting its feature map.

    It is 0 for every kernel: convolution is equivariant. Rows and columns that see the new zeros are left out.
    """
    before = slide(image, kernel).map
    after = slide(moved(image, down, right), kernel).map
    rows, columns = before.shape
    return float(np.abs(after[down:, right:] - before[: rows - down, : columns - right]).max())
