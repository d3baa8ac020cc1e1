"""Imbalance and remedies: counts by hand, then that no copy ever leaves training, whatever is drawn."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from core.data.dataset import DataError
from core.data.part_sizes import sizes
from core.data.preparation.augmentation import Rotate, Shift
from core.data.preparation.class_imbalance import Counts, LongTail, NoImbalance, Shares, counts_after, kept
from core.data.preparation.class_resampling import (
    NoBalance,
    NoisyCopies,
    Oversample,
    TransformedCopies,
    Undersample,
    balanced,
    counts_after as balanced_counts,
)
from core.data.preparation.scaling import PerPixel
from core.data.prepared import chosen_rows, prepare
from core.data.recipe import DataRecipe
from tests.support.toy_data import toy


FIVE = np.array([10, 20, 30, 40, 50])
COPYING = [Oversample(), NoisyCopies(), TransformedCopies()]
UNEVEN = toy([0] * 12 + [1] * 3 + [2] * 6, validation=[0, 1, 2, 1], test=[0, 1, 2, 2])


def test_counts_keep_so_many_of_the_named_classes_and_so_many_of_the_others():
    assert counts_after(Counts(keep={1: 3}), FIVE).tolist() == [10, 3, 30, 40, 50]
    assert counts_after(Counts(keep={1: 3}, others=9), FIVE).tolist() == [9, 3, 9, 9, 9]


def test_shares_round_to_the_nearest_and_leave_at_least_one():
    assert counts_after(Shares(keep={0: 0.25, 4: 0.001}), FIVE).tolist() == [3, 20, 30, 40, 1]


def test_a_long_tail_falls_by_the_same_factor_from_class_to_class():
    assert counts_after(LongTail(ratio=81), np.full(5, 810)).tolist() == [810, 270, 90, 30, 10]
    assert counts_after(LongTail(ratio=100), np.array([1000])).tolist() == [1000]


def test_of_a_class_the_first_rows_stay_in_their_order():
    assert kept(Counts(keep={0: 2}), np.array([1, 0, 0, 1, 0]), 2).tolist() == [0, 1, 2, 3]
    assert kept(NoImbalance(), np.array([1, 0]), 2).tolist() == [0, 1]


def test_a_class_that_has_fewer_than_asked_or_is_not_there_is_said():
    with pytest.raises(DataError, match="needs 11 training images of class 0, but there are only 10"):
        counts_after(Counts(keep={0: 11}), FIVE)
    with pytest.raises(DataError, match=r"no class 5\. Choose a class from 0 to 4"):
        counts_after(Shares(keep={5: 0.5}), FIVE)


def test_a_thousand_against_a_hundred_becomes_a_hundred_or_a_thousand_each():
    counts = np.array([1000, 100])
    assert balanced_counts(Undersample(), counts).tolist() == [100, 100]
    assert balanced_counts(Oversample(), counts).tolist() == [1000, 1000]
    assert balanced_counts(Oversample(times=4), counts).tolist() == [1000, 400]
    assert balanced_counts(NoBalance(), counts).tolist() == [1000, 100]
    assert balanced_counts(Oversample(), np.array([5, 0, 2])).tolist() == [5, 0, 5]


def test_repeating_takes_the_whole_class_again_before_any_row_comes_a_third_time():
    labels = np.array([0] * 10 + [1] * 3)
    chosen = balanced(Oversample(), labels, seed=1)
    times = np.bincount(chosen.indices, minlength=13)
    assert times[:10].tolist() == [1] * 10
    assert sorted(times[10:]) == [3, 3, 4]
    assert chosen.copies.sum() == 7


def test_undersampling_draws_from_the_seed_and_takes_no_row_twice():
    labels = np.array([0] * 100 + [1] * 10)
    first, again, other = (balanced(Undersample(), labels, seed).indices for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert len(set(first)) == 20
    assert np.bincount(labels[first]).tolist() == [10, 10]


def test_copies_stand_among_the_others_and_not_at_the_end():
    chosen = balanced(Oversample(), np.array([0] * 50 + [1] * 5), seed=1)
    assert chosen.copies[:50].any()
    assert not chosen.copies[50:].all()


@pytest.mark.parametrize("remedy", COPYING, ids=lambda remedy: remedy.kind)
def test_every_copy_names_its_row_and_originals_stay_as_they_are(remedy):
    recipe = DataRecipe(name="toy", balance=remedy)
    rows, data = chosen_rows(UNEVEN, recipe, seed=1), prepare(UNEVEN, recipe, seed=1)
    assert np.array_equal(data.train.rows, rows.train)
    assert np.array_equal(data.train.y, UNEVEN.labels[rows.train])
    assert np.bincount(data.train.y).tolist() == [12] * 3
    of_rows = data.scaling.apply(UNEVEN.images[rows.train])
    assert np.array_equal(data.train.x[~rows.copies], of_rows[~rows.copies])
    assert sorted(data.train.rows[~rows.copies]) == list(range(21))
    assert rows.copies.sum() == 15
    changed = (data.train.x[rows.copies] != of_rows[rows.copies]).any(axis=(1, 2, 3))
    assert not changed.any() if remedy.kind == "oversample" else changed.mean() > 0.5


def test_two_copies_of_one_row_get_noise_of_their_own():
    recipe = DataRecipe(name="toy", balance=NoisyCopies(deviation=40))
    rows, data = chosen_rows(UNEVEN, recipe, seed=1), prepare(UNEVEN, recipe, seed=1)
    row = next(row for row in rows.train[rows.copies] if (rows.train[rows.copies] == row).sum() > 1)
    same = data.train.x[rows.copies & (rows.train == row)]
    assert len(np.unique(same.reshape(len(same), -1), axis=0)) == len(same)


def test_transformed_copies_do_what_they_are_asked_for():
    """A shift of an image of equal pixels brings in black from outside, or nothing."""
    recipe = DataRecipe(name="toy", balance=TransformedCopies(transforms=(Shift(pixels=1),)))
    data = prepare(UNEVEN, recipe, seed=3)
    assert len(data.train) == 36
    assert DataRecipe(name="toy", balance={"kind": "transformed_copies"}).balance.transforms == (Shift(), Rotate())


@pytest.mark.parametrize("expansion", ["none", "one_pixel_shifts"])
@pytest.mark.parametrize("remedy", [*COPYING, Undersample()], ids=lambda value: value.kind)
def test_the_training_images_are_counted_without_making_them(remedy, expansion):
    recipe = DataRecipe(name="toy", balance=remedy, expansion=expansion)
    assert sizes(UNEVEN, recipe, seed=1).train == len(prepare(UNEVEN, recipe, seed=1).train)


def test_the_scaling_is_fitted_on_the_originals_alone():
    plain = DataRecipe(name="toy", scaling=PerPixel(floor=1))
    before = prepare(UNEVEN, plain, seed=1).scaling
    for remedy in [*COPYING, Undersample()]:
        after = prepare(UNEVEN, plain.model_copy(update={"balance": remedy}), seed=1).scaling
        assert np.array_equal(before.shift, after.shift)
        assert np.array_equal(before.divisor, after.divisor)


imbalances = st.one_of(
    st.just(NoImbalance()),
    st.builds(LongTail, ratio=st.floats(1, 1000)),
    st.builds(Shares, keep=st.dictionaries(st.integers(0, 2), st.floats(0.01, 1))),
    st.builds(Counts, others=st.just(2)),
)
times = st.none() | st.integers(1, 5)
balances = st.one_of(
    st.just(NoBalance()),
    st.just(Undersample()),
    st.builds(Oversample, times=times),
    st.builds(NoisyCopies, times=times),
    st.builds(TransformedCopies, times=times),
)
labelled = st.lists(st.integers(0, 2), min_size=3, max_size=40).map(lambda labels: [0, 1, 2] * 3 + labels)


@settings(max_examples=150, deadline=None)
@given(
    train=labelled,
    validation=st.just([]) | labelled,
    imbalance=imbalances,
    balance=balances,
    order=st.sampled_from(["file", "random"]),
    seed=st.integers(0, 5),
)
def test_never_a_copy_in_validation_or_test(train, validation, imbalance, balance, order, seed):
    dataset = toy(train, validation=validation, test=[2, 1, 0, 1])
    plain = DataRecipe(name="toy", order=order, validation=len(validation) or 0)
    recipe = plain.model_copy(update={"imbalance": imbalance, "balance": balance})
    try:
        data, before = prepare(dataset, recipe, seed), prepare(dataset, plain, seed)
    except DataError:
        return  # fewer images than asked for
    assert not set(data.train.rows) & {*data.validation.rows, *data.test.rows}
    for part in ("validation", "test"):
        assert np.array_equal(getattr(data, part).rows, getattr(before, part).rows)
        assert np.array_equal(getattr(data, part).x, getattr(before, part).x)
    assert set(data.train.rows) <= set(before.train.rows)
    assert np.array_equal(data.train.y, dataset.labels[data.train.rows])
    counts = np.bincount(data.train.y, minlength=3)
    if balance.kind == "undersample" or getattr(balance, "times", 1) is None:
        assert len(set(counts[counts > 0])) == 1
