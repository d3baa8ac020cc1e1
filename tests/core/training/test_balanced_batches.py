"""Balanced batches: every class as often as the others, each of its rows in turn."""

import numpy as np

from core.training.balanced_batches import balanced_order


def test_every_balanced_batch_has_every_class_as_often_within_one():
    labels = np.array([0] * 500 + [1] * 90 + [2] * 7)
    order = balanced_order(labels, seed=1, epoch=3)
    assert len(order) == len(labels)
    for size in (30, 32, 100):
        for start in range(0, len(order) - size, size):
            counts = np.bincount(labels[order[start : start + size]], minlength=3)
            assert counts.max() - counts.min() <= (size % 3 > 0), (size, start, counts)


def test_a_class_gives_all_its_rows_before_any_comes_again_and_every_epoch_has_its_own_order():
    labels = np.array([0] * 40 + [1] * 10)
    order = balanced_order(labels, seed=1, epoch=1)
    assert sorted(np.bincount(order[labels[order] == 1])[40:]) == [2] * 5 + [3] * 5
    assert len(set(order[labels[order] == 0])) == 25
    assert not np.array_equal(order, balanced_order(labels, seed=1, epoch=2))
    assert np.array_equal(order, balanced_order(labels, seed=1, epoch=1))
