"""Division that says where there is nothing to divide: 0/0 is NaN."""

import numpy as np

from core.arrays import Array


def ratio(part, whole) -> Array:
    """part / whole, elementwise in float64; NaN where `whole` is 0: the score does not exist there."""
    part, whole = np.broadcast_arrays(np.asarray(part, float), np.asarray(whole, float))
    return np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole != 0)


def error(accuracy: float) -> float:
    """The share of wrong answers."""
    return 1 - accuracy
