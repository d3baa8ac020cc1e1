"""A drawn digit: centred as MNIST's are, judged by the recorded network, and shown on the page of lesson 11."""

import base64

import numpy as np
import pytest
from PIL import Image

from core.data import catalogue
from core.data.preparation.ink_centering import BOX, SIDE, centre_of_mass, centred
from pages.recorded.arrays import load
from pages.recorded.network import judged, recorded
from pages.widgets.explain.draw_digit import coded, decoded, examples, judge
from tests.support.lessons import LESSONS, answer, visit


EXAMPLES = [decoded(one) for one in examples()]


def in_the_corner(image: np.ndarray) -> np.ndarray:
    """At half the size."""
    new = np.zeros((SIDE, SIDE), np.uint8)
    new[: SIDE // 2, : SIDE // 2] = Image.fromarray(image).resize((SIDE // 2, SIDE // 2), Image.Resampling.BILINEAR)
    return new


def told(image: np.ndarray) -> int:
    return int(np.argmax(judged(image).probabilities))


def test_a_bar_in_a_corner_comes_to_the_middle_twenty_pixels_long():
    image = np.zeros((SIDE, SIDE), np.uint8)
    image[1:11, 2:4] = 200
    result = centred(image)
    rows, columns = np.flatnonzero(result.any(axis=1)), np.flatnonzero(result.any(axis=0))
    assert len(rows) == BOX
    assert len(columns) == 4
    assert result.max() == 200
    assert centre_of_mass(result) == pytest.approx((14, 14), abs=0.51)


def test_the_centre_of_mass_weighs_each_pixel_by_its_brightness():
    image = np.zeros((4, 4), np.uint8)
    image[0, 0], image[3, 1] = 50, 150
    assert centre_of_mass(image) == (2.25, 0.75)


def test_a_heavy_end_is_not_pushed_over_the_border():
    image = np.zeros((SIDE, SIDE), np.uint8)
    image[4:24, 4:24] = 1
    image[4, 4] = 255
    result = centred(image)
    assert (result > 0).sum() == BOX * BOX
    assert result[8, 8] == 255


def test_where_nothing_is_drawn_nothing_is_centred():
    assert not centred(np.zeros((SIDE, SIDE), np.uint8)).any()


def test_what_mnist_centred_itself_hardly_moves():
    """The recorded test digits are MNIST's: their mass lies at 14, 14 and stays there."""
    for image in EXAMPLES:
        assert centre_of_mass(image) == pytest.approx((14, 14), abs=0.7)
        assert centred(image).shape == (SIDE, SIDE)
        assert np.abs(centred(image).astype(int) - image).mean() < 12


def test_the_verdict_is_what_was_recorded_of_these_digits():
    known = load("inside-maps")
    for label, image in enumerate(EXAMPLES):
        logits = np.log(judged(image).probabilities)
        assert logits - logits.mean() == pytest.approx(
            known.array("logits")[label] - known.array("logits")[label].mean(), abs=0.3
        )
        maps = judged(image).maps.array()
        assert maps.shape == (8, 24, 24)
        assert maps == pytest.approx(np.maximum(known.array("conv1")[label], 0), abs=0.05)


def test_digits_of_the_embedded_set_are_recognised_by_a_network_that_learned_from_other_ones():
    data = catalogue.load("digits")
    right = [told(centred(data.images[row, 0])) == data.labels[row] for row in range(200)]
    assert told(centred(data.images[0, 0])) == data.labels[0]
    assert np.mean(right) > 0.75


def test_what_the_lesson_says_of_ten_small_digits_in_a_corner_is_true():
    cornered = [in_the_corner(image) for image in EXAMPLES]
    assert [told(image) for image in cornered] == [7] * 10
    assert [told(centred(image)) for image in cornered] == list(range(10))


def test_the_switch_decides_what_the_network_sees():
    ink = coded(in_the_corner(EXAMPLES[3]))
    plain, moved = judge(ink, centre=False), judge(ink, centre=True)
    assert plain["seen"] == ink != moved["seen"]
    assert np.argmax(plain["probabilities"]) == 7
    assert np.argmax(moved["probabilities"]) == 3
    assert sum(moved["probabilities"]) == pytest.approx(1)


@pytest.mark.parametrize(
    "ink", ["", "no base64!", base64.b64encode(b"short").decode(), coded(np.zeros((28, 28), "u1"))]
)
def test_what_is_no_drawing_gets_no_verdict(ink):
    assert judge(ink, centre=True) is None


def test_the_pad_is_on_the_page_of_its_lesson_with_its_switch_and_its_origin():
    app = visit("en/l11")
    assert not [one for one in app.toggle if one.key.endswith("-centre")], "it waits for the prediction"
    answer(app, LESSONS["en/l11"], next(ask for ask in LESSONS["en/l11"].parts if getattr(ask, "id", "") == "corner"))
    (switch,) = [one for one in app.toggle if one.key.endswith("-centre")]
    assert switch.value is True
    assert "20 × 20" in switch.help
    switch.set_value(False).run()
    assert not app.exception
    assert any(recorded().label in one.value for one in app.markdown)
