"""Numbers and arrays in general: NumPy's functions under their own names."""

import math

import numpy as np


__all__ = [
    "abs", "argmax", "argmin", "array", "ceil", "close", "comb", "cos", "count", "cumsum", "dot", "exp", "floor",
    "largest", "log", "maximum", "mean", "minimum", "outer", "pi", "product", "shape", "sin", "smallest", "sqrt", "std",
    "sum", "text", "transpose", "whole",
]  # fmt: skip

abs, sum, mean, std, cumsum, outer = np.abs, np.sum, np.mean, np.std, np.cumsum, np.outer
argmax, argmin, maximum, minimum, array = np.argmax, np.argmin, np.maximum, np.minimum, np.array
cos, exp, log, sin, sqrt = np.cos, np.exp, np.log, np.sin, np.sqrt
ceil, comb, floor, pi = math.ceil, math.comb, math.floor, math.pi


def close(a, b, tolerance: float = 1e-9) -> bool:
    """Whether two numbers or arrays of the same shape agree."""
    a, b = np.asarray(a), np.asarray(b)
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=0, atol=tolerance))


def count(conditions) -> int:
    """How many are true."""
    return int(np.count_nonzero(conditions))


def dot(a, b):
    """The dot product of two lists, or the product of two matrices."""
    return np.asarray(a) @ np.asarray(b)


def largest(values):
    """The largest number, wherever it stands."""
    return np.max(values)


def smallest(values):
    """The smallest number, wherever it stands."""
    return np.min(values)


def product(values):
    """All numbers multiplied."""
    return np.prod(values)


def shape(values) -> tuple[int, ...]:
    """How long each axis is."""
    return np.shape(values)


def text(value) -> str:
    """A value as words."""
    return str(value)


def transpose(values):
    """Rows and columns swapped."""
    return np.transpose(values)


def whole(value) -> int:
    """What stands before the decimal point."""
    return int(value)
