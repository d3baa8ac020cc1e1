"""Recorded statistics of each pixel over a training set, and how scaling with them affects new images."""

from functools import lru_cache
from pathlib import Path

import numpy as np

from core.arrays import Array
from core.spec import Spec


class PixelStatistics(Spec):
    """Recorded by tools.record; grey levels from 0 to 255."""

    data: str
    training: int
    """The number of images that `mean` and `std` come from."""
    others: int
    """The number of images after those, which `largest` comes from."""
    date: str
    command: str
    mean: tuple[tuple[float, ...], ...]
    std: tuple[tuple[float, ...], ...]
    largest: tuple[tuple[int, ...], ...]
    """The largest value of each pixel over the other images."""
    global_mean: float
    global_std: float


RULES = ("raw", "unit", "global", "epsilon", "floor")
"""How to scale a pixel: unchanged; divided by 255; with one mean and std for all pixels; with the pixel's own mean and
std, divided by std + number; or divided by max(std, number)."""


@lru_cache(maxsize=10)
def read(path: Path) -> PixelStatistics:
    """Read recorded statistics."""
    return PixelStatistics.model_validate_json(path.read_text(encoding="utf-8"))


def scaled_largest(statistics: PixelStatistics, rule: str, number: float = 1.0) -> Array:
    """(H, W): the largest value of each pixel in the other images after scaling by `rule`, one of RULES."""
    values, mean, std = (np.asarray(part, np.float64) for part in (statistics.largest, statistics.mean, statistics.std))
    match rule:
        case "raw":
            return values
        case "unit":
            return values / 255
        case "global":
            return (values - statistics.global_mean) / statistics.global_std
        case "epsilon":
            return (values - mean) / (std + number)
        case "floor":
            return (values - mean) / np.maximum(std, number)
    raise ValueError(f"there is no rule {rule!r}; there are {', '.join(RULES)}")


def dead(statistics: PixelStatistics) -> int:
    """The number of pixels with the same value in all training images."""
    return int((np.asarray(statistics.std) == 0).sum())
