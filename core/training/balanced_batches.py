"""Balanced batches: an order of the rows in which every batch has every class equally often."""

import numpy as np

from core.arrays import Array
from core.random import generator


def balanced_order(labels: Array, seed: int, epoch: int) -> Array:
    """As many rows (N,) as there are labels (N,), for epoch number `epoch` (from 1).

    The classes that occur take turns, always in the same order (another one each epoch), so that of any B rows in a row
    each class has B / K, rounded down or up. A class gives its rows shuffled, all of them before any comes again.
    """
    present = generator(seed, "balanced classes", epoch).permutation(np.unique(labels))
    order = np.empty(len(labels), dtype=np.int64)
    for turn, label in enumerate(present):
        turns = order[turn :: len(present)]
        turns[:] = _again_and_again(np.flatnonzero(labels == label), len(turns), seed, epoch, label)
    return order


def _again_and_again(own: Array, count: int, seed: int, epoch: int, label: int) -> Array:
    """`count` rows of a class: shuffled, and shuffled anew whenever all have been there."""
    rng = generator(seed, "balanced rows", epoch, label)
    rounds = [rng.permutation(own) for _ in range(-(-count // len(own)))]
    return np.concatenate([own[:0], *rounds])[:count]
