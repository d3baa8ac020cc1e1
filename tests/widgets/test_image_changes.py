"""An image that is changed in the browser is the one that core changes."""

import numpy as np
import pytest

from core.data import catalogue
from core.data.preparation.breaking import Breakage, broken, noise, sliders
from core.data.preparation.corruptions import resized, rotated
from tests.support.node import javascript


DIGIT = catalogue.load("digits").images[5]
COLOURED = np.random.default_rng(3).integers(0, 256, (3, 10, 12)).astype(np.uint8)


def in_browser(image, breakage, signs):
    given = [
        image.ravel().tolist(),
        image.shape,
        breakage.model_dump(),
        signs.ravel().tolist(),
        noise(image.shape).ravel().tolist(),
    ]
    values = javascript(
        ("image_changes",), "[...broken(given[0], given[1], given[2], { signs: given[3], noise: given[4] })]", given
    )
    return np.array(values).reshape(image.shape)


ALL_AT_ONCE = Breakage(
    attack=0.1, size=1.2, rotate=33, right=3, down=-2, contrast=1.4, negative=0.2, noise=0.1, hidden=5, hidden_row=9
)


@pytest.mark.parametrize("image", [DIGIT, COLOURED], ids=["grey", "coloured"])
@pytest.mark.parametrize(
    "breakage",
    [
        Breakage(),
        Breakage(right=4, down=-3),
        Breakage(rotate=30),
        Breakage(size=0.6),
        Breakage(noise=0.3),
        Breakage(contrast=0.4),
        Breakage(negative=0.7),
        Breakage(attack=0.25),
        Breakage(hidden=6, hidden_row=4.5, hidden_column=5),
        ALL_AT_ONCE,
    ],
    ids=lambda it: ", ".join(f"{name} {value:g}" for name, value in it.model_dump().items() if value)[:40],
)
def test_the_browser_changes_an_image_as_core_does(image, breakage):
    signs = np.sign(np.random.default_rng(4).normal(size=image.shape))
    mine, its = broken(image, breakage, signs).astype(int), in_browser(image, breakage, signs)
    off = np.abs(mine - its)
    assert off.max() <= 3
    assert (off > 0).mean() < 0.05


def test_the_defaults_change_nothing():
    assert np.array_equal(broken(DIGIT, Breakage(), np.ones_like(DIGIT)), DIGIT)
    clean = Breakage(**{slider.name: slider.clean for slider in sliders(28, 28)})
    assert np.array_equal(broken(DIGIT, clean, np.ones_like(DIGIT)), DIGIT)


def test_each_change_is_that_of_the_measured_corruptions():
    nothing = np.zeros(DIGIT.shape)
    assert np.array_equal(broken(DIGIT, Breakage(rotate=20), nothing), rotated(DIGIT[None], 20)[0])
    assert np.array_equal(broken(DIGIT, Breakage(size=0.7), nothing), resized(DIGIT[None], 0.7)[0])
    assert np.array_equal(broken(DIGIT, Breakage(negative=1), nothing), 255 - DIGIT)
    moved = broken(DIGIT, Breakage(right=3, down=2), nothing)
    assert np.array_equal(moved[:, 2:, 3:], DIGIT[:, :-2, :-3])
    assert not moved[:, :2].any()
    hidden = broken(DIGIT, Breakage(hidden=4, hidden_row=10, hidden_column=12), nothing)
    assert (hidden[:, 8:12, 10:14] == 127).all()
    assert np.array_equal(hidden[:, :8], DIGIT[:, :8])


def test_a_slider_offers_its_ends_and_what_changes_nothing():
    for slider in sliders(28, 28):
        values = slider.values()
        assert {slider.least, slider.most, slider.clean} <= set(values)
        assert 15 < len(values) < 55
