"""How many windows find a place along a line of cells, before and after rounding."""

from fractions import Fraction
from math import ceil, floor


def exact(size: int, window: int, stride: int = 1, padding: int = 0) -> Fraction:
    """(N - K + 2P) / S + 1, which need not be whole. Raises ValueError where no window fits."""
    if window > size + 2 * padding:
        raise ValueError(f"a window of {window} does not fit into {size} cells and {2 * padding} of padding")
    return Fraction(size - window + 2 * padding, stride) + 1


def rounded(size: int, window: int, stride: int = 1, padding: int = 0, up: bool = False) -> int:
    """Down: what does not fill a window is left out, as frameworks do by default. Up: a last window reaches over the
    border (`ceil_mode` in PyTorch)."""
    return (ceil if up else floor)(exact(size, window, stride, padding))
