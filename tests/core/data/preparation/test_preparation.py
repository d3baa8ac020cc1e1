"""What a recipe makes of training images: counts per class, wrong labels, expansion, augmentation, scaling; and that
validation and test images are left as they are."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from core.data import catalogue
from core.data.dataset import DataError, Dataset
from core.data.preparation.augmentation import Noise, Shift, expanded
from core.data.preparation.label_noise import noisy_labels
from core.data.preparation.scaling import Global, PerChannel, fit
from core.data.prepared import prepare
from core.data.recipe import DataRecipe
from core.data.splits import split
from core.experiment.experiment import changed
from core.random import generator
from tests.support.small import small_experiment


def recipe(**fields) -> DataRecipe:
    return DataRecipe(name="digits-16x16", **fields)


def made(seed=1, **fields):
    return prepare(catalogue.load("digits-16x16"), recipe(**fields), seed, np.float64)


def coloured(count=50) -> np.ndarray:
    means = np.array([40, 120, 200])[None, :, None, None]
    return np.clip(generator(1, "coloured").normal(means, 20, (count, 3, 6, 5)), 0, 255).astype(np.uint8)


# --- augmentation -----------------------------------------------------------------------------------------------------


SHIFTED = {"augmentation": (Shift(pixels=1), Noise(deviation=5)), "train": 200}


def test_each_epoch_sees_other_images_and_the_same_epoch_always_the_same():
    first, again = made(**SHIFTED), made(**SHIFTED)
    assert_array_equal(first.seen(1), again.seen(1))
    assert_array_equal(first.seen(7), again.seen(7))
    assert np.abs(first.seen(1) - first.seen(2)).max() > 0.1
    assert np.abs(first.seen(1) - made(seed=2, **SHIFTED).seen(1)).max() > 0.1


def test_an_epoch_may_be_drawn_without_those_before_it():
    prepared = made(**SHIFTED)
    in_turn = [prepared.seen(epoch) for epoch in (1, 2, 3)]
    assert_array_equal(made(**SHIFTED).seen(3), in_turn[2])


def test_without_augmentation_every_epoch_sees_the_images_as_they_are():
    prepared = made(train=50)
    assert not prepared.changes
    assert prepared.seen(1) is prepared.train.x is prepared.seen(2)


def test_whatever_is_done_to_training_images_validation_and_test_stay_as_they_are():
    plain = made(train=200)
    changed_ = made(**SHIFTED, label_noise=0.5, expansion="one_pixel_shifts")
    for part in ("validation", "test"):
        ours, theirs = getattr(changed_, part), getattr(plain, part)
        assert_array_equal(ours.x, theirs.x)
        assert_array_equal(ours.y, theirs.y)
        assert_array_equal(ours.rows, theirs.rows)


def test_the_images_of_an_epoch_are_those_of_the_part_moved_a_little():
    prepared = made(train=100, augmentation=(Shift(pixels=1),))
    new = prepared.seen(1)
    for before, after in zip(prepared.train.x, new, strict=True):
        moved = [np.roll(before, (down, right), (1, 2)) for down in (-1, 0, 1) for right in (-1, 0, 1)]
        assert any(np.array_equal(after[:, 1:-1, 1:-1], move[:, 1:-1, 1:-1]) for move in moved)


# --- expansion --------------------------------------------------------------------------------------------------------


def test_expansion_makes_five_of_one_with_black_at_the_edge_it_leaves():
    image = np.arange(1, 10, dtype=np.uint8).reshape(1, 1, 3, 3)
    five = expanded(image)[:, 0].tolist()
    assert five == [
        [[1, 2, 3], [4, 5, 6], [7, 8, 9]],
        [[4, 5, 6], [7, 8, 9], [0, 0, 0]],
        [[0, 0, 0], [1, 2, 3], [4, 5, 6]],
        [[2, 3, 0], [5, 6, 0], [8, 9, 0]],
        [[0, 1, 2], [0, 4, 5], [0, 7, 8]],
    ]


def test_expanded_copies_have_the_labels_and_rows_of_their_image_also_where_the_label_is_wrong():
    prepared = made(train=60, expansion="one_pixel_shifts", label_noise=0.3)
    assert len(prepared.train) == 300
    assert len(prepared.images) == len(prepared.truth) == 300
    for of in (prepared.train.y, prepared.train.rows, prepared.truth):
        assert (of.reshape(5, 60) == of[:60]).all()
    assert (prepared.train.y != prepared.truth).any()


# --- counts per class -------------------------------------------------------------------------------------------------


def test_a_count_per_class_keeps_the_first_of_each_class_in_their_order():
    data = catalogue.load("digits")
    all_ = split(data, recipe(train=500), seed=1)
    some = split(data, recipe(train=500, per_class=(3,)), seed=1)
    labels = data.labels[all_["train"]]
    expected = sorted(position for label in range(10) for position in np.flatnonzero(labels == label)[:3])
    assert_array_equal(some["train"], all_["train"][expected])
    assert_array_equal(some["validation"], all_["validation"])


def test_each_class_may_have_its_own_count_and_none_at_all():
    prepared = made(per_class=(0, 1, 2, 3, 4, 5, 6, 7, 8, 9))
    assert np.bincount(prepared.train.y, minlength=10).tolist() == list(range(10))


@pytest.mark.parametrize(
    "counts, words",
    [((1, 2), "2 counts"), ((5000,), "needs 5,000"), ((0,), "no training images"), ((), "0 counts")],
)
def test_counts_that_cannot_be_met_are_refused_in_a_sentence(counts, words):
    with pytest.raises(DataError, match=words):
        made(per_class=counts)


# --- wrong labels -----------------------------------------------------------------------------------------------------


def many_labels(count=20_000, classes=4) -> Dataset:
    labels = generator(1, "labels").integers(0, classes, count)
    images = np.zeros((count, 1, 1, 1), np.uint8)
    return Dataset("many", "Many", images, labels, tuple("abcd")[:classes], {"train": range(count)}, "made here")


def test_the_rate_is_met_and_every_other_class_is_equally_likely():
    data = many_labels()
    noisy = noisy_labels(data, 0.2, seed=1)
    wrong = noisy != data.labels
    assert abs(wrong.mean() - 0.2) < 0.01
    steps = np.bincount((noisy - data.labels)[wrong] % 4, minlength=4) / wrong.sum()
    assert_allclose(steps, [0, 1 / 3, 1 / 3, 1 / 3], atol=0.03)


def test_a_rate_of_one_leaves_no_label_right_and_of_zero_none_wrong():
    data = many_labels(500)
    assert (noisy_labels(data, 1.0, 1) != data.labels).all()
    assert_array_equal(noisy_labels(data, 0.0, 1), data.labels)


def test_what_is_wrong_at_a_low_rate_is_wrong_in_the_same_way_at_a_higher_one():
    data = many_labels(2000)
    low, high = noisy_labels(data, 0.1, 3), noisy_labels(data, 0.4, 3)
    wrong = low != data.labels
    assert_array_equal(low[wrong], high[wrong])


def test_a_images_label_does_not_depend_on_how_many_train():
    few, many = made(train=50, label_noise=0.5), made(train=150, label_noise=0.5)
    assert_array_equal(few.train.y, many.train.y[:50])


def test_the_true_labels_are_kept():
    prepared = made(train=200, label_noise=0.5)
    assert_array_equal(prepared.truth, catalogue.load("digits").labels[prepared.train.rows])
    assert 60 < (prepared.truth != prepared.train.y).sum() < 140


def test_one_class_has_no_wrong_labels():
    with pytest.raises(DataError, match="one class"):
        noisy_labels(many_labels(5, classes=1), 0.5, 1)


# --- scaling ----------------------------------------------------------------------------------------------------------


def test_global_scaling_takes_mean_and_deviation_of_all_pixels():
    images = coloured()
    scaled = fit(Global(), images).apply(images, np.float64)
    assert_allclose([scaled.mean(), scaled.std()], [0, 1], atol=1e-12)
    assert scaled[:, 0].mean() < -0.5 < 0.5 < scaled[:, 2].mean()


def test_per_channel_scaling_takes_them_channel_by_channel():
    images = coloured()
    fitted = fit(PerChannel(), images)
    scaled = fitted.apply(images, np.float64)
    assert_allclose(scaled.mean(axis=(0, 2, 3)), 0, atol=1e-12)
    assert_allclose(scaled.std(axis=(0, 2, 3)), 1, atol=1e-12)
    assert_allclose(fitted.shift.ravel(), images.mean(axis=(0, 2, 3)))


@pytest.mark.parametrize("scaling", [Global(), PerChannel()])
def test_statistics_come_from_training_images_alone_and_one_grey_divides_by_no_zero(scaling):
    data = catalogue.load("digits-16x16")
    prepared = prepare(data, recipe(train=100, scaling=scaling), 1, np.float64)
    assert_allclose(prepared.scaling.shift.mean(), data.images[prepared.train.rows].mean())
    flat = fit(scaling, np.full((3, 3, 2, 2), 9, np.uint8)).apply(np.full((1, 3, 2, 2), 9, np.uint8))
    assert (flat == 0).all()


@pytest.mark.parametrize("scaling, words", [(Global(), "(x - "), (PerChannel(), "channel by channel (x - ")])
def test_the_formula_shows_the_numbers(scaling, words):
    fitted = fit(scaling, coloured())
    assert fitted.formula().startswith(words)
    assert "50 training images" in fitted.formula()
    assert f"{fitted.shift.ravel()[0]:.1f}" in fitted.formula()


# --- the experiment ---------------------------------------------------------------------------------------------------


def test_transforms_are_part_of_the_experiment_and_of_its_hash():
    plain = small_experiment()
    augmented = changed(plain, **{"data.augmentation": [{"kind": "shift", "pixels": 1}]})
    assert augmented.data.augmentation == (Shift(pixels=1),)
    assert augmented.hash != plain.hash


def test_an_experiment_of_before_is_read_and_does_what_it_did():
    document = {"name": "digits-16x16", "train": 200, "order": "file", "scaling": {"kind": "unit"}}
    old = DataRecipe.model_validate(document)
    assert old.augmentation == ()
    assert old.label_noise == 0
    assert old.expansion == "none"
    assert old.per_class is None


def test_a_wrong_transform_is_refused_with_its_place_and_field():
    with pytest.raises(ValueError, match=r"transform 2 \(shift\), pixels"):
        changed(small_experiment(), **{"data.augmentation": [{"kind": "flip"}, {"kind": "shift", "pixels": -1}]})
