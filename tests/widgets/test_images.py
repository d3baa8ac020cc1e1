"""Images as numbers: flattening, the fixed shuffle, toy images, splits, and what was recorded of shuffled pixels."""

import io

import numpy as np
import pytest
from PIL import Image

from core.data import catalogue
from core.data.dataset import DataError
from core.demos.images.pixel_permutation import index, position, shuffle_order, shuffled
from core.demos.images.toy_images import TOYS, house
from core.demos.images.uploaded_image import colour
from core.numerics import dense
from pages.recorded.arrays import load
from pages.ui.translations import words_in
from pages.widgets.images import image_pixels, split_counts


def test_numbers_of_pixels_go_row_by_row():
    numbered = np.arange(1, 7).reshape(1, 1, 2, 3)
    flat = dense.flatten(numbered)[0][0]
    for k in range(1, 7):
        assert flat[k - 1] == numbered[0, 0][position(k, 3)[0] - 1, position(k, 3)[1] - 1] == index(*position(k, 3), 3)


def test_a_shuffle_moves_every_pixel_of_every_image_and_channel_alike():
    images = np.random.default_rng(3).integers(0, 256, (4, 3, 5, 6), np.uint8)
    order, result = shuffle_order(30, 2), shuffled(images, 2)
    assert sorted(order) == list(range(30))
    assert result.shape == images.shape
    for n in range(4):
        for c in range(3):
            assert (result[n, c].ravel() == images[n, c].ravel()[order]).all()


def test_where_a_pixel_goes_is_where_the_shuffled_image_shows_it():
    """The widget is sent argsort(order): goes[k] is the new place of pixel k."""
    image = np.arange(42, dtype=np.uint8).reshape(1, 1, 6, 7)
    goes = np.argsort(shuffle_order(42, 1))
    assert (shuffled(image, 1).ravel()[goes] == image.ravel()).all()


@pytest.mark.parametrize("name", TOYS)
def test_a_toy_image_is_a_small_colour_image(name):
    image = TOYS[name]()
    assert image.dtype == np.uint8
    assert image.shape[0] == 3
    assert image[0].size <= 200
    assert {tuple(colours) for colours in image.reshape(3, -1).T.tolist()} >= {(255, 255, 255), (255, 0, 0)}


def test_the_house_has_a_red_roof_a_white_wall_and_a_black_door():
    image = house()
    assert image[:, 2, 6].tolist() == [255, 0, 0]
    assert image[:, 5, 4].tolist() == [255, 255, 255]
    assert image[:, 8, 6].tolist() == [0, 0, 0]


def test_an_own_image_keeps_its_colours():
    file = io.BytesIO()
    Image.new("RGB", (200, 100), (255, 0, 10)).save(file, "PNG")
    small = colour(file.getvalue(), 48)
    assert small.shape == (3, 24, 48)
    assert small[:, 0, 0].tolist() == [255, 0, 10]
    with pytest.raises(DataError, match="cannot be read as an image"):
        colour(b"hello", 48)


def test_images_of_a_library_have_their_labels_and_a_missing_one_says_so(monkeypatch, tmp_path):
    texts = words_in(image_pixels.__file__, "en")
    arrays, labels = image_pixels.images("digits", "k", texts)
    digits = catalogue.load("digits")
    assert [one.tolist() for one in arrays] == digits.images[: len(arrays)].tolist()
    assert labels == [str(label) for label in digits.labels[: len(arrays)]]
    monkeypatch.setenv("CONVSCOPE_DATA", str(tmp_path))
    with pytest.raises(DataError, match="not here"):
        image_pixels.images("svhn", "k", texts)


def test_counts_of_a_split_add_up_to_what_the_sliders_say_and_stratified_is_even():
    result = split_counts.counts()
    shares = np.bincount(catalogue.load("digits").labels[:1287], minlength=10) / 1287
    for key, parts in result.items():
        i, j, k = map(int, key.split(","))
        train, validation, test = map(np.array, parts)
        assert train.sum() == split_counts.TRAIN[i]
        assert validation.sum() == split_counts.VALIDATION[j]
        assert test.sum() == 510
        if split_counts.ORDERS[k] == "stratified":
            assert np.abs(train - shares * train.sum()).max() <= 1
    assert len(result) == len(split_counts.TRAIN) * len(split_counts.VALIDATION) * 3


def test_the_recorded_shuffle_hurts_the_convolutional_network_and_not_the_dense_one():
    """Curriculum, section 5: dense 95.4 -> 95.7 %, CNN 98.0 -> 94.9 %."""
    numbers = load("shuffled-pixels").numbers
    assert abs(numbers["dense"][0] - numbers["dense"][1]) < 0.01
    assert numbers["cnn"][0] - numbers["cnn"][1] > 0.015
    assert numbers["cnn"][0] > 0.97
    assert numbers["dense"][0] > 0.94
