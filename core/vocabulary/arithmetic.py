"""Numbers and arrays in general: NumPy's functions under their own names."""

from math import ceil, comb, floor, pi

import numpy as np
from numpy import abs, argmax, argmin, array, cos, cumsum, exp, log, maximum, mean, minimum, outer, sin, sqrt, std, sum


__all__ = [
    *("abs", "argmax", "argmin", "array", "ceil", "comb", "cos", "cumsum", "exp", "floor", "log", "maximum", "mean"),
    *("minimum", "outer", "pi", "sin", "sqrt", "std", "sum"),
    *("close", "count", "dot", "largest", "product", "shape", "smallest", "text", "transpose", "whole"),
]


def close(a, b, tolerance: float = 1e-9) -> bool:
    """Whether two numbers or arrays of the same shape agree."""
    a, b = np.asarray(a), np.asarray(b)
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=0, atol=tolerance))


def count(conditions) -> int:
    """How many are true."""
    return int(np.count_nonzero(conditions))


def dot(a, b):
    return np.asarray(a) @ np.asarray(b)


def largest(values):
    return np.max(values)


def smallest(values):
    return np.min(values)


def product(values):
    return np.prod(values)


def shape(values) -> tuple[int, ...]:
    return np.shape(values)


def text(value) -> str:
    return str(value)


def transpose(values):
    return np.transpose(values)


def whole(value) -> int:
    return int(value)
