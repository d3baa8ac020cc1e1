"""What a map says, in numbers."""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array


@dataclass(frozen=True)
class Reading:
    """Of a map (H, W)."""

    row: int
    """Of the largest |value|, counted from 0."""
    column: int
    largest: float
    """The value there."""
    half: int
    """How many of the strongest pixels hold half of the sum of |values|; 0 if all are 0."""
    total: float
    """The sum of the values."""


def reading(values: Array) -> Reading:
    sizes = np.abs(values)
    row, column = np.unravel_index(int(sizes.argmax()), sizes.shape)
    ordered = np.sort(sizes.ravel())[::-1].astype(float)
    half = int(np.searchsorted(np.cumsum(ordered), ordered.sum() / 2) + 1) if ordered[0] else 0
    return Reading(int(row), int(column), float(values[row, column]), half, float(values.sum()))
