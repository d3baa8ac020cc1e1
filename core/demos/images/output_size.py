"""How many positions a window has along a line of cells, before and after rounding."""

from fractions import Fraction
from math import ceil, floor


def exact(size: int, window: int, stride: int = 1, padding: int = 0) -> Fraction:
    """(N - K + 2P) / S + 1, which need not be a whole number. Raises ValueError if the window does not fit."""
    if window > size + 2 * padding:
        raise ValueError(
            f"a window of {window} does not fit into {size} cells plus {2 * padding} of padding: make it smaller"
        )
    return Fraction(size - window + 2 * padding, stride) + 1


def rounded(size: int, window: int, stride: int = 1, padding: int = 0, up: bool = False) -> int:
    """The number of positions, rounded down or `up`.

    Down: cells that do not fill a window are left out, the default in frameworks. Up: a last window extends beyond the
    border (`ceil_mode` in PyTorch).
    """
    return (ceil if up else floor)(exact(size, window, stride, padding))
