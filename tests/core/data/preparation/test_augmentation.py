"""Augmentation: moves worked out by hand, the oracle of scipy, and properties of every transform."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from pydantic import TypeAdapter
from scipy import ndimage

from core.data.preparation.affine import about_the_middle, moved, warp
from core.data.preparation.augmentation import (
    Brightness,
    Color,
    Contrast,
    Erase,
    Flip,
    Noise,
    Rotate,
    SaltAndPepper,
    Shear,
    Shift,
    Transform,
    Zoom,
    apply,
)
from core.random import generator


KINDS = (Shift, Rotate, Zoom, Shear, Noise, SaltAndPepper, Brightness, Contrast, Color, Flip, Erase)
STILL = (
    Shift(pixels=0),
    Rotate(degrees=0),
    Zoom(by=0),
    Shear(degrees=0),
    Noise(deviation=0),
    SaltAndPepper(share=0),
    Brightness(by=0),
    Contrast(by=0),
    Color(by=0),
    Flip(share=0),
    Erase(share=0),
)


def images(count: int = 5, channels: int = 1, height: int = 6, width: int = 7) -> np.ndarray:
    made = generator(3, "augmented").integers(1, 255, (count, channels, height, width))
    return made.astype(np.uint8)


def drawn(transforms, count=5, seed=1, **shape):
    return apply(images(count, **shape), transforms, generator(seed, "augmentation"))


# --- by hand ----------------------------------------------------------------------------------------------------------


def test_a_image_moved_down_and_right_leaves_the_fill_behind():
    image = np.array([[[[1, 2, 3], [4, 5, 6], [7, 8, 9]]]], np.uint8)
    inverse = moved(np.array([[-1, -2]]))[:, :2]
    assert_array_equal(warp(image, inverse, fill=77)[0, 0], [[77, 77, 77], [77, 77, 1], [77, 77, 4]])


def test_half_a_pixel_is_the_mean_of_two():
    image = np.array([[[[0, 100, 200]]]], np.uint8)
    assert_array_equal(warp(image, moved(np.array([[0, 0.5]]))[:, :2], fill=50)[0, 0], [[50, 150, 125]])


def test_a_quarter_turn_about_the_middle_is_a_quarter_turn():
    image = images(1, height=5, width=5)
    quarter = about_the_middle(np.array([[[0.0, 1], [-1, 0]]]), 5, 5)[:, :2]
    assert_array_equal(warp(image, quarter, fill=0)[0, 0], np.rot90(image[0, 0]))


def test_the_first_transform_is_made_first():
    """Noise on an image that is then moved away is gone; noise after it is not."""
    away = Shift(pixels=1000, fill=9)
    rng = [generator(seed, "away") for seed in (1, 1)]
    assert (apply(images(), (Noise(deviation=50), away), rng[0]) == 9).all()
    assert not (apply(images(), (away, Noise(deviation=50)), rng[1]) == 9).all()


def test_moves_are_made_in_their_order_too():
    """Zoomed to twice its size, then moved by n, everything has moved by n; the other way round by 2n."""
    spot = np.zeros((400, 1, 41, 41), np.uint8)
    spot[:, :, 20, 20] = 255

    def furthest(transforms):
        new = apply(spot, transforms, generator(1, "order"))
        rows = np.nonzero(new.max(axis=(1, 3)))[1]
        return np.abs(rows - 20).max()

    assert furthest((Zoom(by=0.9), Shift(pixels=5))) <= 7 < 8 <= furthest((Shift(pixels=5), Zoom(by=0.9)))


@pytest.mark.parametrize("order", [0, 1])
def test_each_whole_shift_is_as_likely_as_any_other(order):
    spot = np.zeros((9000, 1, 5, 5), np.uint8)
    spot[:, :, 2, 2] = 255
    new = apply(spot, (Shift(pixels=1),), generator(order, "likely"))
    counts = (new[:, 0] == 255).sum(axis=0)
    assert_allclose(counts[1:4, 1:4], 1000, atol=130)
    assert counts.sum() == 9000
    assert counts[0].sum() == 0


# --- the oracle -------------------------------------------------------------------------------------------------------


@given(st.integers(0, 10_000))
@settings(max_examples=30, deadline=None)
def test_a_warp_is_what_scipy_makes_of_it(seed):
    rng = generator(seed, "warp")
    image = rng.integers(0, 256, (1, 2, 9, 7)).astype(np.uint8)
    matrix = np.concatenate([np.eye(2) + rng.normal(0, 0.3, (2, 2)), rng.normal(0, 2, (2, 1))], axis=1)
    result = warp(image, matrix[None], fill=40)[0]
    for channel in (0, 1):
        expected = ndimage.affine_transform(
            image[0, channel].astype(float), matrix[:, :2], matrix[:, 2], order=1, mode="grid-constant", cval=40
        )
        assert np.abs(result[channel] - expected).max() <= 0.51


# --- properties -------------------------------------------------------------------------------------------------------


some_transforms = st.lists(st.sampled_from(KINDS).map(lambda kind: kind()), max_size=4).map(tuple)


@given(some_transforms, st.integers(1, 3), st.integers(1, 6), st.integers(1, 6))
@settings(max_examples=80, deadline=None)
def test_any_transforms_keep_shape_and_type_and_the_images_given(transforms, channels, height, width):
    given_ = images(3, channels, height, width)
    given_.flags.writeable = False
    new = apply(given_, transforms, generator(1, "any"))
    assert new.shape == given_.shape
    assert new.dtype == np.uint8
    assert_array_equal(given_, images(3, channels, height, width))


@given(some_transforms, st.integers(0, 100))
@settings(max_examples=40, deadline=None)
def test_the_same_chance_draws_the_same_images(transforms, seed):
    assert_array_equal(drawn(transforms, seed=seed, channels=3), drawn(transforms, seed=seed, channels=3))


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_changes_images_and_each_in_its_own_way(kind):
    same = np.repeat(images(1, channels=3, height=20, width=20), 40, axis=0)
    new = apply(same, (kind(),), generator(1, "own"))
    assert len(np.unique(new.reshape(40, -1), axis=0)) > (1 if kind is Flip else 5)


@pytest.mark.parametrize("transform", STILL, ids=lambda transform: transform.kind)
def test_a_transform_of_nothing_changes_nothing(transform):
    assert_array_equal(drawn((transform,), channels=3), images(channels=3))


def test_the_share_of_salt_and_pepper_is_met_in_all_channels_at_once():
    grey = np.full((50, 3, 40, 40), 128, np.uint8)
    new = apply(grey, (SaltAndPepper(share=0.2),), generator(1, "salt"))
    assert_allclose([(new == level).mean() for level in (0, 128, 255)], [0.1, 0.8, 0.1], atol=0.01)
    assert (new == new[:, :1]).all()


def test_noise_has_the_standard_deviation_asked_for():
    new = apply(np.full((20, 1, 50, 50), 128, np.uint8), (Noise(deviation=12),), generator(1, "sd"))
    assert_allclose([new.mean(), new.std()], [128, 12], atol=0.2)


def test_an_erased_box_is_whole_inside_the_image_and_in_its_share_of_images():
    white = np.full((2000, 1, 10, 20), 255, np.uint8)
    new = apply(white, (Erase(share=0.25, size=0.3, fill=7),), generator(1, "erase"))
    erased = (new == 7).sum(axis=(1, 2, 3))
    assert set(erased) == {0, 3 * 6}
    assert abs((erased > 0).mean() - 0.25) < 0.04
    assert (new == 7).any(axis=(0, 1)).all(), "every pixel is erased now and then"


def test_no_image_takes_none():
    assert apply(images(0), tuple(kind() for kind in KINDS), generator(1, "none")).shape == (0, 1, 6, 7)


@pytest.mark.parametrize("kind", KINDS)
def test_a_transform_is_found_again_in_its_json(kind):
    adapter = TypeAdapter(Transform)
    assert adapter.validate_json(adapter.dump_json(kind())) == kind()
