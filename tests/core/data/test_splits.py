"""Splits and prepared parts: by hand, then no leakage, fair shares and nothing but the seed."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from pydantic import ValidationError

from core.data.dataset import DataError, Dataset
from core.data.preparation.scaling import PerPixel
from core.data.prepared import prepare
from core.data.recipe import DataRecipe
from core.data.splits import interleaved, split
from tests.support.toy_data import toy


def rows(dataset, seed=1, **recipe) -> dict[str, list[int]]:
    return {part: item.tolist() for part, item in split(dataset, DataRecipe(name="toy", **recipe), seed).items()}


TWELVE = toy([0, 1] * 6, test=[0, 1, 1])


def test_by_default_the_last_sixth_of_training_validates():
    assert rows(TWELVE) == {"train": list(range(10)), "validation": [10, 11], "test": [12, 13, 14]}


def test_fewer_training_rows_are_the_first_and_the_validation_rows_stay():
    assert rows(TWELVE, train=3, test=1) == {"train": [0, 1, 2], "validation": [10, 11], "test": [12]}


def test_validation_gives_way_when_training_asks_for_more():
    assert rows(TWELVE, train=11)["validation"] == [11]
    assert rows(TWELVE, train=12)["validation"] == []


def test_validation_zero_trains_on_everything():
    assert rows(TWELVE, validation=0)["train"] == list(range(12))


def test_the_files_own_validation_part_is_used_where_there_is_one():
    dataset = toy([0, 1, 0], validation=[1, 0], test=[1])
    assert rows(dataset) == {"train": [0, 1, 2], "validation": [3, 4], "test": [5]}
    assert rows(dataset, train=2, validation=1) == {"train": [0, 1], "validation": [3], "test": [5]}


def test_a_set_without_a_test_part_has_nothing_to_test_on():
    assert rows(toy([0, 1, 0, 1, 0, 1]))["test"] == []


@pytest.mark.parametrize(
    "recipe, words",
    [
        ({"train": 13}, "needs 13 training images, but Toy has 12"),
        ({"test": 4}, "needs 4 test images, but Toy has 3"),
        ({"train": 8, "validation": 5}, "8 training and 5 validation images"),
        ({"validation": 12}, "12 validation images, but both come from Toy's 12 training images"),
        ({"validation": 99}, "99 validation images"),
        ({"train": 1, "order": "stratified"}, "each of Toy's 2 classes at least once, so 1 are too few"),
    ],
)
def test_asking_for_more_than_there_is_names_the_numbers(recipe, words):
    with pytest.raises(DataError) as raised:
        rows(TWELVE, **recipe)
    assert words in str(raised.value)


def test_more_than_the_files_own_validation_part_names_the_numbers():
    with pytest.raises(DataError, match="needs 3 validation images, but Toy has 2"):
        rows(toy([0, 1, 0], validation=[1, 0]), validation=3)


@pytest.mark.parametrize("fields", [{"train": 0}, {"validation": -1}, {"order": "sorted"}, {"trian": 5}])
def test_a_recipe_that_makes_no_sense_is_refused(fields):
    with pytest.raises(ValidationError):
        DataRecipe(name="toy", **fields)


def test_a_recipe_survives_json_and_can_be_a_key():
    recipe = DataRecipe(name="mnist", train=100, order="stratified", scaling=PerPixel(floor=4))
    assert DataRecipe.model_validate_json(recipe.model_dump_json()) == recipe
    assert len({recipe, recipe}) == 1


labels_of_a_part = st.lists(st.integers(0, 4), min_size=6, max_size=60)
orders = st.sampled_from(["file", "random", "stratified"])


@settings(max_examples=100, deadline=None)
@given(labels_of_a_part, st.lists(st.integers(0, 4), max_size=9), labels_of_a_part, orders, st.data())
def test_no_row_is_in_two_parts_and_each_comes_from_its_own(train, validation, test, order, data):
    dataset = toy(train, validation, test, classes=5)
    take = data.draw(st.integers(5, len(train)))
    result = split(dataset, DataRecipe(name="toy", train=take, order=order), data.draw(st.integers(0, 2**40)))
    everything = np.concatenate(list(result.values()))
    assert len(set(everything.tolist())) == len(everything)
    assert everything.dtype == np.int64
    assert set(result["train"].tolist()) <= set(dataset.parts["train"])
    assert len(result["train"]) == take
    assert set(result["test"].tolist()) == set(dataset.parts["test"])
    assert set(result["validation"].tolist()) <= set(dataset.parts["validation" if validation else "train"])


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 5), min_size=1, max_size=120))
def test_after_any_number_of_images_every_class_has_its_share_within_one(labels):
    order = interleaved(np.array(labels))
    assert sorted(order.tolist()) == list(range(len(labels)))
    so_far = np.cumsum(np.eye(6, dtype=int)[np.array(labels)[order]], axis=0)
    share = np.arange(1, len(labels) + 1)[:, None] * so_far[-1] / len(labels)
    assert np.abs(so_far - share).max() < 1


def test_stratified_parts_hold_each_class_at_its_share_within_one():
    dataset = toy([0] * 500 + [1] * 300 + [2] * 37, test=[0] * 50 + [1] * 30 + [2] * 20)
    result = split(dataset, DataRecipe(name="toy", train=100, validation=61, test=33, order="stratified"), 5)
    for part, home in (("train", "train"), ("validation", "train"), ("test", "test")):
        share = len(result[part]) * dataset.counts(home) / dataset.counts(home).sum()
        assert np.abs(np.bincount(dataset.labels[result[part]], minlength=3) - share).max() < 1


def test_a_class_too_rare_for_its_share_still_trains_with_one_image():
    dataset = toy([0] * 400 + [1] * 2)
    result = split(dataset, DataRecipe(name="toy", train=10, order="stratified"), 3)
    assert np.bincount(dataset.labels[result["train"]]).tolist() == [9, 1]
    assert not set(result["train"].tolist()) & set(result["validation"].tolist())


@pytest.mark.parametrize("order", ["random", "stratified"])
def test_the_seed_alone_decides(order):
    assert rows(TWELVE, seed=7, order=order) == rows(TWELVE, seed=7, order=order)
    assert rows(TWELVE, seed=7, order=order) != rows(TWELVE, seed=8, order=order)


def test_a_small_training_set_begins_a_larger_one_and_leaves_the_rest_alone():
    dataset = toy([0, 1, 2] * 40, test=[0, 1, 2] * 4)
    for order in ("file", "random", "stratified"):
        small, large = rows(dataset, train=30, order=order), rows(dataset, train=90, order=order)
        assert small["train"] == large["train"][:30]
        assert small["validation"] == large["validation"]
        assert small["test"] == large["test"]


def test_the_order_of_one_seed_is_known_for_good():
    """If this changes, recorded runs can no longer be repeated."""
    assert rows(TWELVE, seed=1, order="random")["train"] == [7, 9, 11, 1, 10, 0, 3, 6, 4, 5]


# --- prepared


RECIPE = DataRecipe(name="toy", train=8, order="random", scaling=PerPixel(floor=1))


def test_parts_are_the_scaled_images_of_their_rows():
    prepared = prepare(TWELVE, RECIPE, seed=1)
    for part in (prepared.train, prepared.validation, prepared.test):
        assert np.array_equal(part.x, prepared.scaling.apply(TWELVE.images[part.rows]))
        assert np.array_equal(part.y, TWELVE.labels[part.rows])
        assert part.y.dtype == np.int64
        assert not any(array.flags.writeable for array in (part.x, part.y, part.rows))
    assert prepared.shape == (1, 2, 2)
    assert prepared.class_names == ("0", "1")
    assert prepare(TWELVE, RECIPE, seed=1, dtype=np.float64).train.x.dtype == np.float64


def test_training_images_have_mean_zero_and_deviation_one():
    x = prepare(TWELVE, RECIPE, seed=1, dtype=np.float64).train.x
    assert np.allclose(x.mean(axis=0), 0)
    assert np.allclose(x.std(axis=0), 1)


def test_other_test_and_validation_images_change_no_statistic():
    before = prepare(TWELVE, RECIPE, seed=1)
    images = TWELVE.images.copy()
    others = np.setdiff1d(np.arange(len(images)), before.train.rows)
    images[others] = 255 - images[others]
    changed = Dataset(
        name="toy",
        label="Toy",
        images=images,
        labels=TWELVE.labels,
        class_names=TWELVE.class_names,
        parts=TWELVE.parts,
        source="",
    )
    after = prepare(changed, RECIPE, seed=1)
    assert np.array_equal(before.scaling.shift, after.scaling.shift)
    assert np.array_equal(before.scaling.divisor, after.scaling.divisor)
    assert np.array_equal(before.train.x, after.train.x)
    assert not np.array_equal(before.test.x, after.test.x)


def test_pieces_that_do_not_fit_make_no_data_set():
    with pytest.raises(DataError, match="labels run from 0 to 3, but there are 2 classes"):
        toy([0, 3], classes=2)
    with pytest.raises(DataError, match="no training images"):
        toy([], test=[0])
