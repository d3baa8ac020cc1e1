"""A new image comes out as the data set would have it: ten digits of MNIST's test set, changed as a scan, a photo or a
drawing changes them, come back nearly as they were."""

import io

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from PIL import Image
from scipy.ndimage import grey_erosion

from core.data import catalogue
from core.data.formats.image_file import LeftOutError
from core.data.new_image import INK_BOXES, from_drawing, from_file, oddities
from core.data.preparation.corruptions import resized, shifted
from core.data.preparation.ink_finding import stroke_width
from pages.recorded.arrays import load
from tests.support.uploads import drawn, read, two_classes


SHAPE = (1, 28, 28)
DIGITS = (255 * load("inside-maps").array("images")[:, 0]).round().clip(0, 255).astype(np.uint8)
"""(10, 28, 28): a 0, a 1, ... of MNIST's test set."""
ANY_DIGIT = st.sampled_from(range(10))


def file(values: np.ndarray, form="PNG", **options) -> bytes:
    content = io.BytesIO()
    Image.fromarray(values).save(content, form, **options)
    return content.getvalue()


def prepared(values: np.ndarray, **options) -> np.ndarray:
    return from_file(file(values, **options), "mnist", SHAPE).pixels[0]


def large(digit: np.ndarray, times=8) -> np.ndarray:
    side = times * digit.shape[0]
    return np.asarray(Image.fromarray(digit).resize((side, side), Image.Resampling.BICUBIC))


def alike(a: np.ndarray, b: np.ndarray) -> float:
    """The correlation of two images, where they fit best if one is shifted by at most one pixel: 1 if they are the same
    but for brightness."""
    shifts = [np.roll(a.astype(float), (i, j), (-2, -1)) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    return max(float(np.corrcoef(one.ravel(), b.ravel())[0, 1]) for one in shifts)


@pytest.mark.parametrize("digit", range(10))
def test_a_digit_that_is_prepared_already_stays_as_it_is_and_so_does_its_negative(digit):
    image = DIGITS[digit]
    new = from_file(file(image), "mnist", SHAPE)
    assert np.array_equal(new.pixels[0], image)
    assert (new.remarks, new.warnings) == ((), ())
    negative = from_file(file(255 - image), "mnist", SHAPE)
    assert np.array_equal(negative.pixels[0], image)
    assert negative.remarks == ("Inverted: the data set has white ink on black.",)


@given(digit=ANY_DIGIT, down=st.integers(-4, 4), right=st.integers(-4, 4))
def test_a_shifted_digit_comes_back_exactly(digit, down, right):
    image = np.roll(np.pad(DIGITS[digit], 4), (down, right), (0, 1))
    assert np.array_equal(prepared(image), DIGITS[digit])
    assert np.array_equal(prepared(255 - image), DIGITS[digit])


@settings(max_examples=30)
@given(
    digit=ANY_DIGIT, times=st.integers(2, 20), top=st.integers(0, 200), left=st.integers(0, 200), bright=st.booleans()
)
def test_a_large_digit_anywhere_on_a_page_of_any_form_comes_back_nearly(digit, times, top, left, bright):
    page = np.pad(large(DIGITS[digit], times), ((top, 30), (left, 5)))
    assert alike(prepared(page if bright else 255 - page), DIGITS[digit]) > 0.85


@given(digit=ANY_DIGIT, factor=st.floats(0.65, 0.85))
def test_a_digit_drawn_small_is_made_as_large_as_the_others(digit, factor):
    small = resized(DIGITS[digit][None, None], factor)[0].astype(np.uint8)
    new = from_drawing(small, "mnist")
    assert alike(new.pixels[0], DIGITS[digit]) > 0.7
    assert any("Scaled into a box of 20 × 20 pixels" in remark for remark in new.remarks)


@pytest.mark.parametrize("digit", range(10))
def test_thin_strokes_get_as_wide_as_those_of_a_pen(digit):
    thin = grey_erosion(large(DIGITS[digit], 16), size=(17, 17))
    if stroke_width(thin / 255) >= 0.09:
        pytest.skip("this digit is bold, and not thin even now")
    new = from_file(file(thin), "mnist", SHAPE)
    assert "The thin strokes were thickened." in new.remarks
    assert stroke_width(new.pixels[0] / 255) > 0.09
    assert alike(new.pixels[0], DIGITS[digit]) > 0.6


def test_thick_strokes_are_thinned_and_said_to_be():
    page = np.zeros((200, 200), np.uint8)
    page[20:180, 70:140] = 255
    new = from_file(file(page), "mnist", SHAPE)
    assert "The thick strokes were thinned." in new.remarks
    assert stroke_width(new.pixels[0] / 255) < 0.3


def photo(digit: np.ndarray, seed=0) -> bytes:
    """On grey paper with a shadow that has an edge, grainy, with a dark table at the left and a speck, as JPEG."""
    rng, page = np.random.default_rng(seed), np.zeros((500, 640))
    page[120:344, 250:474] = large(digit) / 255
    rows, columns = np.mgrid[:500, :640] / 640
    light = 200 - 60 * columns - 40 * rows
    light[:, 400:] *= 0.75
    levels = light * (1 - 0.65 * page) + rng.normal(0, 3, page.shape)
    levels[:, :20] = 40
    levels[450:454, 80:84] = 60
    return file(levels.clip(0, 255).astype(np.uint8), "JPEG", quality=75)


@pytest.mark.parametrize("digit", range(10))
def test_a_photo_of_grey_paper_with_a_shadow_a_table_and_a_speck(digit):
    new = from_file(photo(DIGITS[digit]), "mnist", SHAPE)
    assert alike(new.pixels[0], DIGITS[digit]) > 0.8
    text = " ".join(new.remarks)
    for done in ("Inverted", "shadows were removed", "Specks", "Scaled into a box"):
        assert done in text
    assert new.given.shape[0] == 1


@pytest.mark.parametrize("level, ground", [(0, "white"), (255, "black")])
def test_transparent_ink_is_put_on_what_makes_it_seen(level, ground):
    image = np.dstack([np.full((28, 28, 3), level, np.uint8), DIGITS[3]])
    new = from_file(file(image), "mnist", SHAPE)
    assert alike(new.pixels[0], DIGITS[3]) > 0.99
    assert f"The image is transparent: put on a {ground} background." in new.remarks


def test_16_bits_and_colours_are_read_and_said():
    assert np.array_equal(prepared(DIGITS[5].astype(np.uint16) * 257), DIGITS[5])
    red = np.stack([255 - DIGITS[5] // 2, 255 - DIGITS[5], 255 - DIGITS[5]], axis=-1)
    new = from_file(file(red), "mnist", SHAPE)
    assert alike(new.pixels[0], DIGITS[5]) > 0.99
    assert "Converted from colour to grey." in new.remarks


@pytest.mark.parametrize("level", [0, 90, 255])
def test_a_blank_page_says_that_there_is_no_ink_photographed_or_not(level):
    grain = np.random.default_rng(1).normal(level, 3, (120, 90)).clip(0, 255).astype(np.uint8)
    for page in (np.full((120, 90), level, np.uint8), grain):
        new = from_file(file(page), "mnist", SHAPE)
        assert not new.pixels.any()
        assert new.warnings == ("There is no ink in it.",)
    assert from_drawing(np.full(SHAPE, level, np.uint8), "mnist").warnings == ("There is no ink in it.",)


def test_ink_everywhere_gets_a_sentence():
    page = np.zeros((100, 100), np.uint8)
    page[4:-4, 4:-4] = 255
    (warning,) = from_file(file(page), "mnist", SHAPE).warnings
    assert warning == "85% of it is ink: the digit cannot be told from its background."


def test_as_is_means_not_one_pixel_changes():
    for image in (DIGITS[4], 255 - DIGITS[4], np.random.default_rng(2).integers(0, 256, (28, 28)).astype(np.uint8)):
        new = from_file(file(image), "mnist", SHAPE, prepare=False)
        assert np.array_equal(new.pixels[0], image)
        assert new.remarks == ()
    coloured = np.random.default_rng(2).integers(0, 256, (32, 32, 3)).astype(np.uint8)
    assert np.array_equal(from_file(file(coloured), "cifar10", (3, 32, 32)).pixels, coloured.transpose(2, 0, 1))


def test_what_a_network_is_not_used_to_is_said_when_nothing_is_prepared():
    def said(image):
        return " ".join(from_drawing(image[None], "mnist", prepare=False).warnings)

    assert said(DIGITS[3]) == ""
    assert "dark on bright" in said(255 - DIGITS[3])
    assert "off-centre" in said(shifted(DIGITS[3][None, None], 6)[0, 0])
    assert "off-centre" in said(np.roll(DIGITS[7], 5, axis=1))
    assert "fill a box of 20" in said(resized(DIGITS[3][None, None], 0.5)[0, 0])
    line = np.zeros((28, 28), np.uint8)
    line[4:24, 14] = 255
    assert "thinner" in said(line)


@pytest.mark.parametrize("data", sorted(INK_BOXES.keys() - {"kaggle-digits", "usps", "mnist", "mnist-16x16"}))
def test_the_embedded_digits_are_left_where_they_are_in_grey_and_in_colours(data):
    dataset = catalogue.load(data)
    for image in dataset.images[:60]:
        new = from_drawing(image, data)
        assert new.pixels.shape == dataset.shape
        assert new.warnings == ()
        assert alike(new.pixels, image) > 0.75
        assert not [text for text in oddities(image, data) if "dark on bright" in text]


def test_an_image_for_own_classes_is_cropped_and_scaled_as_the_upload_was():
    dataset = read({**two_classes(), "cat/wide.png": drawn(60, (40, 20))}, side=16).dataset
    wide = np.tile(np.linspace(0, 255, 40).astype(np.uint8), (20, 1))
    new = from_file(file(wide), "own-animals", dataset.shape)
    assert new.remarks == ("Cropped to the middle and scaled from 40 × 20 to 16 × 16 pixels.",)
    uploaded = read({f"{name}/{k}.png": file(wide) for name in ("a", "b") for k in range(6)}, side=16).dataset
    assert np.array_equal(new.pixels, uploaded.images[0])


def test_what_is_no_image_is_refused_with_a_reason():
    with pytest.raises(LeftOutError, match="no image format"):
        from_file(b"hello", "mnist", SHAPE)


def test_all_of_mnist_that_is_looked_at_stays_nearly_as_it_is(real_data, monkeypatch):
    monkeypatch.setenv("CONVSCOPE_DATA", str(real_data))
    images = catalogue.load("mnist").images[60000:60500]
    unchanged = [np.array_equal(from_drawing(image, "mnist").pixels, image) for image in images]
    assert np.mean(unchanged) > 0.8
