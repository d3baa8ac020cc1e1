"""Pooling an image, shifting it, and sampling sound."""

import numpy as np

from core.demos.images import pooling_shift as one
from core.demos.signals import downsampling


__all__ = ["heard_as", "highest_tone", "moved", "outputs_changed", "pooled", "pooled_shape"]

heard_as, highest_tone, moved = downsampling.heard_as, downsampling.highest, one.moved


def pooled(image, mode="max", window=2, stride=None):
    """(H, W) -> (rows, columns); how is "max", "average", "sum" or "l2"."""
    return one.pool(image, mode, window, stride).map


def pooled_shape(shape, window=2, stride=None) -> tuple[int, ...]:
    """(N, C, H, W) after pooling."""
    return (*shape[:2], *pooled(np.zeros(tuple(shape[2:])), "max", window, stride).shape)


def outputs_changed(image, down=0, right=0, mode="max", window=2, stride=None) -> int:
    """PoolMode many cells of the pooled map differ after a shift of the image."""
    before, after = pooled(image, mode, window, stride), pooled(moved(image, down, right), mode, window, stride)
    return int(one.changed(before, after).sum())
