"""Equivariance, measured: when an image is shifted, do the maps of a layer shift along?"""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.network.costs import costs
from core.network.network import Network


@dataclass(frozen=True, eq=False)
class Moved:
    """The maps of one layer before and after the image was shifted, compared where both have values."""

    shift: tuple[int, int]
    """By how many (rows, columns) the maps should have moved: the image's shift, divided by the strides."""
    exact: bool
    """Whether the strides divide the image's shift; if not, `shift` is rounded."""
    share: float
    """How much of the maps moved along: 1 - (squared difference) / (squared deviation of the new maps from their mean),
    at least 0; NaN if nothing can be compared."""
    expected: Array
    """(M, rows, columns): the old maps, shifted; 0 where there was none."""


def strides(network: Network) -> dict[str, tuple[int, int]]:
    """By layer with maps: how many pixels of the image one step of its map is, (down, right)."""
    maps = (cost for cost in costs(network) if len(cost.step.output) == 3)
    return {cost.step.layer.name: cost.jump for cost in maps if cost.jump is not None}


def moved_along(before: Array, after: Array, by: tuple[int, int], stride: tuple[int, int]) -> Moved:
    """`before` and `after` (M, rows, columns): the maps of an image, and of the same one shifted by (down, right)."""
    steps = [by[axis] / stride[axis] for axis in (0, 1)]
    down, right = (int(np.round(step)) for step in steps)
    exact = (down, right) == tuple(steps)
    new, old = _both(after, before, down, right)
    expected = np.zeros_like(before)
    _both(expected, before, down, right)[0][...] = old
    spread = float(((new - new.mean()) ** 2).sum()) if new.size else 0.0
    share = max(0.0, 1 - float(((new - old) ** 2).sum()) / spread) if spread else float("nan")
    return Moved((down, right), exact, share, expected)


def _both(new: Array, old: Array, down: int, right: int) -> tuple[Array, Array]:
    """The parts of both maps that show the same part of the image."""
    rows, columns = new.shape[1:]
    to = (slice(max(0, down), rows + min(0, down)), slice(max(0, right), columns + min(0, right)))
    source = (slice(max(0, -down), rows + min(0, -down)), slice(max(0, -right), columns + min(0, -right)))
    return new[:, *to], old[:, *source]
