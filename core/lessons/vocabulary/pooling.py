"""Pooling an image, shifting it, and sampling sound."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from core.arrays import Array
from core.demos.images import pooling_shift
from core.demos.images.pooling_shift import PoolMode
from core.demos.signals import downsampling


__all__ = ["heard_as", "highest_tone", "moved", "outputs_changed", "pooled", "pooled_shape"]

heard_as, highest_tone, moved = downsampling.heard_as, downsampling.highest, pooling_shift.moved


def pooled(image: ArrayLike, mode: PoolMode = "max", window: int = 2, stride: int | None = None) -> Array:
    """The image after pooling, (H, W) -> (rows, columns); `mode` is "max", "average", "sum" or "l2"."""
    return pooling_shift.pool(image, mode, window, stride).map


def pooled_shape(shape: Sequence[int], window: int = 2, stride: int | None = None) -> tuple[int, ...]:
    """The shape of a batch (N, C, H, W) after pooling."""
    return (*shape[:2], *pooled(np.zeros(tuple(shape[2:])), "max", window, stride).shape)


def outputs_changed(
    image: ArrayLike, down: int = 0, right: int = 0, mode: PoolMode = "max", window: int = 2, stride: int | None = None
) -> int:
    """How many cells of the pooled feature map differ after the image is shifted."""
    before, after = pooled(image, mode, window, stride), pooled(moved(image, down, right), mode, window, stride)
    return int(pooling_shift.changed(before, after).sum())
