"""Memory layouts: the order of the axes of images and filters in each library, and how to convert between two."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.arrays import Array


@dataclass(frozen=True)
class Order:
    """A memory layout."""

    axes: str
    """As the library names them, one letter each."""
    first_fastest: bool = False
    """Neighbours in memory differ in the first axis (MATLAB, Fortran), not in the last (NumPy, PyTorch, TensorFlow)."""


IMAGES = {"NCHW": Order("NCHW"), "NHWC": Order("NHWC"), "MATLAB": Order("HWCN", True)}
"""N images, C channels, H rows, W columns. NCHW: PyTorch and ConvScope; NHWC: TensorFlow; MATLAB: the files of SVHN."""
FILTERS = {"PyTorch": Order("OIHW"), "TensorFlow": Order("HWIO")}
"""O output channels (filters), I input channels, H and W the rows and columns of a kernel."""
ORDERS = {**IMAGES, **FILTERS}


@dataclass(frozen=True)
class Conversion:
    """How to get from one layout to another."""

    axes: tuple[int, ...]
    """The argument of transpose."""
    shape: tuple[int, ...]
    """The new shape."""
    old: Array
    """The old memory from first to last, each number given by its index there: 0, 1, 2, ..."""
    new: Array
    """The new memory from first to last, each number given by its index in the old memory."""
    line: str
    """The line of NumPy that does it."""


def permutation(old: str, new: str) -> tuple[int, ...]:
    """The argument of transpose: ("NCHW", "NHWC") -> (0, 2, 3, 1). Raises ValueError if the letters differ."""
    if sorted(old) != sorted(new):
        raise ValueError(f"{old} and {new} do not have the same axes")
    return tuple(old.index(letter) for letter in new)


def convert(old: str, new: str, shape: tuple[int, ...]) -> Conversion:
    """From layout `old` to layout `new`, both keys of ORDERS; `shape` is in the old layout.

    Raises ValueError as `permutation` does.
    """
    before, after = ORDERS[old], ORDERS[new]
    axes = permutation(before.axes, after.axes)
    count = np.arange(int(np.prod(shape)))
    numbered = count.reshape(shape, order=_order(before)).transpose(axes)
    line = "y = x" if before == after else f"y = np.transpose(x, {axes})"
    return Conversion(axes, numbered.shape, count, numbered.ravel(order=_order(after)), line)


def cell_indices(name: str, shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """The position of each number in memory, first to last: one index per axis of that layout."""
    indices = np.unravel_index(np.arange(int(np.prod(shape))), shape, order=_order(ORDERS[name]))
    return [tuple(int(index) for index in position) for position in zip(*indices, strict=True)]


def _order(order: Order) -> Literal["F", "C"]:
    return "F" if order.first_fastest else "C"
