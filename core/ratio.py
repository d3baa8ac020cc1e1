"""Division for scores: dividing by 0 gives NaN, because the score does not exist."""

import numpy as np
from numpy.typing import ArrayLike

from core.arrays import Array


def ratio(part: ArrayLike, whole: ArrayLike) -> Array:
    """part / whole, elementwise in float64; NaN where `whole` is 0."""
    parts, wholes = np.broadcast_arrays(np.asarray(part, float), np.asarray(whole, float))
    quotients: Array = np.divide(parts, wholes, out=np.full(parts.shape, np.nan), where=wholes != 0)
    return quotients


def error(accuracy: float) -> float:
    """The share of wrong answers."""
    return 1 - accuracy
