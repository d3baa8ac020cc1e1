"""Scaling: by hand, then its properties."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from hypothesis.extra import numpy as arrays
from pydantic import TypeAdapter, ValidationError

from core.data.dataset import DataError
from core.data.preparation.scaling import (
    Global,
    PerChannel,
    PerPixel,
    Raw,
    Scaling,
    Signed,
    Unit,
    fit,
    pixel_statistics,
)
from core.formulas import scaling as formulas


LEVELS = np.array([0, 51, 255], dtype=np.uint8).reshape(3, 1, 1, 1)


@pytest.mark.parametrize("scaling, expected", [(Raw(), [0, 51, 255]), (Unit(), [0, 0.2, 1]), (Signed(), [-1, -0.6, 1])])
def test_three_grey_levels_by_hand(scaling, expected):
    fitted = fit(scaling, LEVELS)
    assert np.allclose(fitted.apply(LEVELS).ravel(), expected, atol=1e-7)
    assert fitted.apply(LEVELS).dtype == np.float32
    assert fitted.apply(LEVELS, np.float64).dtype == np.float64


def test_per_pixel_by_hand():
    """Two pixels: 0, 20 (mean 10, std 10) and 4, 4 (mean 4, std 0: the floor 8 divides)."""
    training = np.array([[0, 4], [20, 4]], dtype=np.uint8).reshape(2, 1, 1, 2)
    fitted = fit(PerPixel(), training)
    assert fitted.apply(training).reshape(2, 2).tolist() == [[-1, 0], [1, 0]]
    assert fitted.apply(np.array([30, 255], np.uint8).reshape(1, 1, 1, 2)).ravel().tolist() == [2, 251 / 8]
    assert "m (4.0 to 10.0)" in fitted.formula()
    assert "1 of 2 pixels" in fitted.formula()


def test_epsilon_is_added_to_each_deviation():
    """The same two pixels: divided by 10 + 0.5 and 0 + 0.5 where no floor holds them up."""
    training = np.array([[0, 4], [20, 4]], dtype=np.uint8).reshape(2, 1, 1, 2)
    new = np.array([31, 5], np.uint8).reshape(1, 1, 1, 2)
    fitted = fit(PerPixel(floor=0, epsilon=0.5), training)
    assert fitted.divisor.ravel().tolist() == [10.5, 0.5]
    assert fitted.apply(new).ravel().tolist() == [2, 2]
    assert fitted.constant == 1
    assert "1 of 2 pixels have s = 0" in fitted.formula()
    assert "(s + 0.5)" in fitted.formula()
    assert fit(PerPixel(floor=8, epsilon=0.5), training).divisor.ravel().tolist() == [10.5, 8]


def test_a_scaling_that_would_divide_by_nothing_is_refused_in_words():
    with pytest.raises(ValidationError, match="floor and epsilon are both 0"):
        PerPixel(floor=0)


def test_an_older_recipe_has_no_epsilon():
    assert TypeAdapter(Scaling).validate_json('{"kind": "per_pixel", "floor": 4}') == PerPixel(floor=4, epsilon=0)


FORMULAS = [
    (Raw(), ["y = x", "255"]),
    (Unit(), ["{x}{255}"]),
    (Signed(), ["{x - 127.5}{127.5}"]),
    (Global(floor=2), ["\\max(s,\\, 2)", "{x - 7.0}{7.7}"]),
    (PerChannel(floor=3), ["\\max(s_c,\\, 3)", "y_0 = \\dfrac{x - 7.0}{7.7}"]),
    (PerPixel(floor=0, epsilon=1e-4), ["{s_{i,j} + 0.0001}", "4.0 \\le m \\le 10.0"]),
]


@pytest.mark.parametrize("scaling, numbers", FORMULAS, ids=lambda value: getattr(value, "kind", ""))
def test_each_scaling_is_explained_with_its_numbers(scaling, numbers):
    fitted = fit(scaling, np.array([[0, 4], [20, 4]], dtype=np.uint8).reshape(2, 1, 1, 2))
    said = formulas.scaling_formula(scaling, fitted)
    assert all(number in said for number in numbers), said
    assert len(formulas.SENTENCES[scaling.kind]) > 20
    assert formulas.scaling_formula(scaling).count("dfrac") < 2
    assert {scaling.kind for scaling, _ in FORMULAS} == set(formulas.SENTENCES)


def test_pixels_that_never_change_are_counted_and_what_becomes_of_them_is_said():
    training = np.array([[0, 4], [20, 4]], dtype=np.uint8).reshape(2, 1, 1, 2)
    steep, gentle = fit(PerPixel(floor=0, epsilon=1e-4), training), fit(PerPixel(), training)
    assert "1 of 2 pixels have standard deviation 0" in formulas.unchanging_pixels(steep)
    assert "becomes 2,550,000" in formulas.unchanging_pixels(steep)
    assert formulas.explodes(steep)
    assert not formulas.explodes(gentle)
    assert "becomes 32" in formulas.unchanging_pixels(gentle)
    assert formulas.unchanging_pixels(fit(PerPixel(), training[..., :1])) == ""


def test_formulas_carry_their_numbers():
    assert [fit(kind, LEVELS).formula() for kind in (Raw(), Unit(), Signed())] == [
        "x",
        "x / 255",
        "(x - 127.5) / 127.5",
    ]


@settings(max_examples=50, deadline=None)
@given(arrays.arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 3), st.integers(1, 4), st.integers(1, 4))))
def test_statistics_are_numpys(images):
    mean, deviation = pixel_statistics(images)
    assert np.allclose(mean, images.mean(axis=0))
    assert np.allclose(deviation, images.std(axis=0))


def test_statistics_over_several_thousand_images_are_numpys():
    images = np.random.default_rng(0).integers(0, 256, (2500, 1, 3, 3), dtype=np.uint8)
    mean, deviation = pixel_statistics(images)
    assert np.allclose(mean, images.mean(axis=0))
    assert np.allclose(deviation, images.std(axis=0))


@settings(max_examples=50, deadline=None)
@given(
    arrays.arrays(np.uint8, (5, 1, 3, 3), elements=st.sampled_from([0, 1, 255])),
    arrays.arrays(np.uint8, (5, 1, 3, 3)),
    st.sampled_from([0.5, 8.0, 50.0]),
)
def test_no_pixel_explodes_beyond_255_over_the_floor(training, others, floor):
    assert np.abs(fit(PerPixel(floor=floor), training).apply(others)).max() <= 255 / floor


def test_an_empty_part_is_scaled_to_an_empty_part():
    assert fit(Unit(), LEVELS).apply(LEVELS[:0]).shape == (0, 1, 1, 1)


def test_nothing_to_fit_on_is_an_error_in_words():
    with pytest.raises(DataError, match="no training images"):
        fit(PerPixel(), LEVELS[:0])


@pytest.mark.parametrize("scaling", [Raw(), Unit(), Signed(), PerPixel(floor=2.5)])
def test_a_scaling_survives_json(scaling):
    adapter = TypeAdapter(Scaling)
    assert adapter.validate_json(adapter.dump_json(scaling)) == scaling


@pytest.mark.parametrize(
    "document",
    [
        {"kind": "zscore"},
        {"kind": "unit", "floor": 8},
        {"kind": "per_pixel", "floor": 0},
        {"kind": "per_pixel", "floor": float("inf")},
    ],
)
def test_a_scaling_that_is_none_is_refused(document):
    with pytest.raises(ValidationError):
        TypeAdapter(Scaling).validate_python(document)
