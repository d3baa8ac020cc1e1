"""General functions of numbers and arrays: NumPy's own, under their usual names."""

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from core.arrays import Array


__all__ = [
    "abs", "argmax", "argmin", "array", "ceil", "close", "comb", "cos", "count", "cumsum", "dot", "exp", "floor",
    "largest", "log", "maximum", "mean", "minimum", "outer", "pi", "product", "shape", "sin", "smallest", "sqrt", "std",
    "sum", "text", "transpose", "whole",
]  # fmt: skip

abs, sum, mean, std, cumsum, outer = np.abs, np.sum, np.mean, np.std, np.cumsum, np.outer
argmax, argmin, maximum, minimum, array = np.argmax, np.argmin, np.maximum, np.minimum, np.array
cos, exp, log, sin, sqrt = np.cos, np.exp, np.log, np.sin, np.sqrt
ceil, comb, floor, pi = math.ceil, math.comb, math.floor, math.pi


def close(a: ArrayLike, b: ArrayLike, tolerance: float = 1e-9) -> bool:
    """Whether two numbers, or two arrays of the same shape, agree within `tolerance`."""
    a, b = np.asarray(a), np.asarray(b)
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=0, atol=tolerance))


def count(conditions: ArrayLike) -> int:
    """How many of the conditions are true."""
    return int(np.count_nonzero(conditions))


def dot(a: ArrayLike, b: ArrayLike) -> Any:
    """The dot product of two lists, or the product of two matrices."""
    return np.asarray(a) @ np.asarray(b)


def largest(values: ArrayLike) -> Any:
    """The largest number in a list or array."""
    return np.max(values)


def smallest(values: ArrayLike) -> Any:
    """The smallest number in a list or array."""
    return np.min(values)


def product(values: ArrayLike) -> Any:
    """The product of all the numbers."""
    return np.prod(np.asarray(values))


def shape(values: ArrayLike) -> tuple[int, ...]:
    """The length of each axis."""
    return np.shape(values)


def text(value: object) -> str:
    """A value as text."""
    return str(value)


def transpose(values: ArrayLike) -> Array:
    """The transpose: rows and columns swapped."""
    return np.transpose(values)


def whole(value: float) -> int:
    """The integer part: the digits before the decimal point."""
    return int(value)
