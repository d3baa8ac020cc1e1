"""Values of pixels in any range -> grey levels 0 to 255, for a whole set of images at once."""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array


FEW_LEVELS = 16
"""Whole numbers up to this are levels of their own, such as 0 to 16 in scikit-learn's digits, and not nearly black."""
BITS = (10, 12, 14, 16)
NARROW = 4
"""Values of more than 8 bits that use less than one part in so many of their range are stretched by their own."""
CLOSE = 1e-6


@dataclass(frozen=True)
class Levels:
    """`black` becomes 0, `white` becomes 255; what is outside is cut off."""

    black: float
    white: float
    remark: str = ""
    """A clause that says what was done; "" if the values are grey levels already."""

    def applied(self, values: Array) -> Array:
        """uint8 of the same shape."""
        if (self.black, self.white) == (0, 255):
            return np.clip(np.rint(values), 0, 255).astype(np.uint8)
        span = max(self.white - self.black, CLOSE)
        return np.clip(np.rint((values - self.black) * (255 / span)), 0, 255).astype(np.uint8)


def levels_of(low: float, high: float, whole: bool) -> Levels:
    """For values from `low` to `high`; `whole`: whether all of them are whole numbers."""
    between = f"of values from {low:.6g} to {high:.6g}"
    if whole and low >= 0:
        return _whole(round(low), round(high), between)
    if low >= 0 and high <= 1 + CLOSE:
        return Levels(0, 1, "of values from 0 to 1: multiplied by 255")
    if low >= -1 - CLOSE and high <= 1 + CLOSE:
        return Levels(-1, 1, "of values from -1 to 1: stretched to 0 to 255")
    if low >= 0 and FEW_LEVELS < high <= 255:
        return Levels(0, 255, "" if whole else "of values with decimals: rounded to grey levels")
    return Levels(min(low, 0), high, f"{between}: stretched to 0 to 255")


def _whole(low: int, high: int, between: str) -> Levels:
    if high <= 1:
        return Levels(0, 1, "of the values 0 and 1: stretched to 0 and 255")
    if high <= FEW_LEVELS:
        return Levels(0, high, f"whose largest value is {high}: taken as levels from 0 to {high}, stretched to 255")
    if high <= 255:
        return Levels(0, 255)
    bits = next((bits for bits in BITS if high < 2**bits), None)
    if bits is None or 0 < (high - low) * NARROW < 2**bits:
        return Levels(low, high, f"{between}: stretched to 0 to 255")
    return Levels(0, 2**bits - 1, f"of {bits} bits per value: reduced to 8")
