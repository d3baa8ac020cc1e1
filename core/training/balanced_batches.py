"""Balanced batches: an order of the training rows in which every class appears equally often in every batch."""

import numpy as np

from core.arrays import Array
from core.random import generator


def balanced_order(labels: Array, seed: int, epoch: int) -> Array:
    """N rows for N labels (N,), in the order of epoch number `epoch` (from 1).

    The K classes that occur take turns in a fixed order, shuffled once per epoch, so any B consecutive rows contain
    each class B / K times, rounded up or down. The rows of a class are shuffled, and all of them appear before any is
    repeated.
    """
    present = generator(seed, "balanced classes", epoch).permutation(np.unique(labels))
    order = np.empty(len(labels), dtype=np.int64)
    for turn, label in enumerate(present):
        turns = order[turn :: len(present)]
        turns[:] = _repeated(np.flatnonzero(labels == label), len(turns), seed, epoch, label)
    return order


def _repeated(rows: Array, count: int, seed: int, epoch: int, label: int) -> Array:
    """`count` rows of one class: shuffled, and shuffled again each time all of them have been used."""
    rng = generator(seed, "balanced rows", epoch, label)
    rounds = [rng.permutation(rows) for _ in range(-(-count // len(rows)))]
    return np.concatenate([rows[:0], *rounds])[:count]
