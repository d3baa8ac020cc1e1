"""The orders in which axes are kept, in names and in memory: images and filters by library, and the way between two."""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array


@dataclass(frozen=True)
class Order:
    """`axes` as the library names them, one letter each; `first_fastest`: neighbours in memory differ in the first axis
    (MATLAB, Fortran), not in the last (NumPy, PyTorch, TensorFlow)."""

    axes: str
    first_fastest: bool = False


IMAGES = {"NCHW": Order("NCHW"), "NHWC": Order("NHWC"), "MATLAB": Order("HWCN", True)}
"""N images, C channels, H rows, W columns. NCHW: PyTorch and ConvScope; NHWC: TensorFlow; MATLAB: the files of SVHN."""
FILTERS = {"PyTorch": Order("OIHW"), "TensorFlow": Order("HWIO")}
"""O maps out, I maps in, H and W the rows and columns of a kernel."""
ORDERS = {**IMAGES, **FILTERS}


@dataclass(frozen=True)
class Conversion:
    """`axes` is the argument of transpose, `shape` the new one. `old` and `new` are the two memories, first number to last,
    each number as its count in the old memory. `line` is the line of NumPy."""

    axes: tuple[int, ...]
    shape: tuple[int, ...]
    old: Array
    new: Array
    line: str


def permutation(old: str, new: str) -> tuple[int, ...]:
    """The argument of transpose: ("NCHW", "NHWC") -> (0, 2, 3, 1). Raises ValueError where the letters differ."""
    if sorted(old) != sorted(new):
        raise ValueError(f"{old} and {new} do not have the same axes")
    return tuple(old.index(letter) for letter in new)


def convert(old: str, new: str, shape: tuple[int, ...]) -> Conversion:
    """`old` and `new` are names of ORDERS, `shape` is in the old order. Raises ValueError as `permutation` does."""
    before, after = ORDERS[old], ORDERS[new]
    axes = permutation(before.axes, after.axes)
    count = np.arange(int(np.prod(shape)))
    numbered = count.reshape(shape, order=_order(before)).transpose(axes)
    line = "y = x" if before == after else f"y = np.transpose(x, {axes})"
    return Conversion(axes, numbered.shape, count, numbered.ravel(order=_order(after)), line)


def cell_indices(name: str, shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Where each number of the memory stands, first to last, one index an axis of that order."""
    indices = np.unravel_index(np.arange(int(np.prod(shape))), shape, order=_order(ORDERS[name]))
    return [tuple(int(at) for at in position) for position in zip(*indices, strict=True)]


def _order(order: Order):
    return "F" if order.first_fastest else "C"
