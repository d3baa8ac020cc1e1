"""What each pixel of a training set does, recorded in one small file, and what a scaling makes of new images with it."""

from functools import lru_cache
from pathlib import Path

import numpy as np

from core.arrays import Array
from core.spec import Spec


class PixelStatistics(Spec):
    """Made by tools.record; grey levels from 0 to 255."""

    data: str
    training: int
    """Images of which mean and std are."""
    others: int
    """Images after those, of which `largest` is."""
    date: str
    command: str
    mean: tuple[tuple[float, ...], ...]
    std: tuple[tuple[float, ...], ...]
    largest: tuple[tuple[int, ...], ...]
    """Of each pixel, over the other images."""
    global_mean: float
    global_std: float


RULES = ("raw", "unit", "global", "epsilon", "floor")
"""As they are; over 255; one mean and std for all pixels; each pixel's own, over std + number; over max(std, number)."""


@lru_cache(maxsize=10)
def read(path: Path) -> PixelStatistics:
    return PixelStatistics.model_validate_json(path.read_text(encoding="utf-8"))


def scaled_largest(statistics: PixelStatistics, rule: str, number: float = 1.0) -> Array:
    """(H, W): what becomes of the largest value that each pixel has in the other images."""
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
    """Pixels that have the same value in all training images."""
    return int((np.asarray(statistics.std) == 0).sum())
