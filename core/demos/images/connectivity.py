"""Three ways to wire a map of units to an image: to every pixel, to a field each, to a field with the same weights."""

from dataclasses import dataclass

import numpy as np

from core.demos.images.convolution_2d import slide
from core.numerics.windows import positions


@dataclass(frozen=True)
class Wiring:
    """What a layer of `maps` maps costs. `connections` are multiplications for one image, `weights` different numbers to
    learn, `biases` one a unit, or one a map where weights are shared."""

    kind: str
    connections: int
    weights: int
    biases: int


def ladder(pixels: int, units: int, field: int, maps: int = 1) -> tuple[Wiring, Wiring, Wiring]:
    """Dense, local and shared: `pixels` in the image, `units` in a map, `field` pixels that a local unit sees."""
    local = field * units * maps
    return (
        Wiring("dense", pixels * units * maps, pixels * units * maps, units * maps),
        Wiring("local", local, local, units * maps),
        Wiring("shared", local, field * maps, maps),
    )


def position_count(side: int, field: int) -> int:
    """Units of a map over a square image: the places where a square field fits."""
    rows, columns = positions((side, side), (field, field))
    return rows * columns


def wires(size: tuple[int, int], field: tuple[int, int], kind: str):
    """(units, pixels) of whole numbers: which weight lies between them, counted from 0; -1 where there is no wire.

    Row i is the i-th place of the field, column j the j-th pixel, both row by row. "shared" is a convolution written as one
    matrix: the same few weights in every row, shifted.
    """
    rows, columns = positions(size, field)
    result = np.full((rows * columns, size[0] * size[1]), -1)
    if kind == "dense":
        return np.arange(result.size).reshape(result.shape)
    weight = np.arange(field[0] * field[1]).reshape(field)
    for unit, (i, j) in enumerate(np.ndindex(rows, columns)):
        met = result[unit].reshape(size)[i : i + field[0], j : j + field[1]]
        met[:] = weight + (unit * weight.size if kind == "local" else 0)
    return result


def matrix(size: tuple[int, int], kernel):
    """The convolution (no flip, valid) with `kernel` as a matrix (units, pixels): its product with the flattened image is
    the flattened map."""
    kernel = np.asarray(kernel, np.float64)
    which = wires(size, kernel.shape, "shared")
    return np.where(which >= 0, kernel.ravel()[which], 0.0)


def moved(image, down: int, right: int):
    """Shifted by whole cells (H, W) -> (H, W); zeros move in. `down` and `right` are 0 or more."""
    image = np.asarray(image, np.float64)
    result = np.zeros_like(image)
    result[down:, right:] = image[: image.shape[0] - down, : image.shape[1] - right]
    return result


def shift_gap(image, kernel, down: int, right: int) -> float:
    """How far a convolution is from shifting its map when its image is shifted; 0 for any kernel: equivariance. Rows
    and columns that saw the zeros which moved in are left out."""
    before = slide(image, kernel).map
    after = slide(moved(image, down, right), kernel).map
    rows, columns = before.shape
    return float(np.abs(after[down:, right:] - before[: rows - down, : columns - right]).max())
