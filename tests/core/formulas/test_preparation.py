"""Formulas of wrong labels and one-pixel shifts: what they say is what is made."""

import numpy as np
import pytest

from core.data import catalogue
from core.data.preparation.augmentation import expanded
from core.data.preparation.class_resampling import Oversample, Undersample
from core.data.preparation.label_noise import noisy_labels
from core.data.preview import look
from core.data.recipe import DataRecipe
from core.formulas import preparation as formulas


def test_a_label_is_wrong_with_the_probabilities_in_the_formula():
    assert formulas.wrong_label(0.3, 10) == ["P(y) = 1 - 0.3 = 0.7", "P(k) = 0.3 / (10 - 1) = 0.0333"]
    assert formulas.wrong_label(0, 2)[0] == "P(y) = 1 - 0 = 1"
    assert formulas.wrong_label(0.3, 1) == []
    digits = catalogue.load("digits-16x16")
    results = [noisy_labels(digits, 0.3, seed)[digits.labels == 4] for seed in range(40)]
    shares = np.bincount(np.concatenate(results), minlength=10) / sum(map(len, results))
    assert shares[4] == pytest.approx(0.7, abs=0.02)
    assert np.delete(shares, 4) == pytest.approx([0.0333] * 9, abs=0.01)


@pytest.mark.parametrize("more", [{}, {"per_class": (40,)}, {"balance": Oversample()}])
def test_as_many_labels_are_wrong_as_is_to_be_expected(more):
    recipe = DataRecipe(name="digits-16x16", train=1000, label_noise=0.3, **more)
    counts = [look(catalogue.load(recipe.name), recipe, seed) for seed in range(1, 9)]
    [images] = {count.distinct for count in counts}
    mean, around = formulas.wrong_labels(recipe, images)
    expected, deviation = 0.3 * images, np.sqrt(0.3 * 0.7 * images)
    assert mean.endswith(f"= {expected:g}")
    assert around.endswith(f"= {deviation:.1f}")
    assert np.mean([count.wrong_count for count in counts]) == pytest.approx(expected, abs=3 * deviation / np.sqrt(8))


def test_after_undersampling_nothing_is_said_to_be_expected():
    recipe = DataRecipe(name="digits-16x16", label_noise=0.3, balance=Undersample())
    assert formulas.wrong_labels(recipe, 500) == []


def test_the_five_images_of_one_are_those_of_the_formula():
    """y[i, j] = x[i - a, j - b] for the moves in it, black where x has no such place."""
    image = np.random.default_rng(1).integers(1, 256, (1, 1, 5, 6), dtype=np.uint8)
    framed = np.pad(image[0, 0], 1)
    by_formula = {framed[1 - a : 6 - a, 1 - b : 7 - b].tobytes() for a, b in ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1))}
    assert {one[0].tobytes() for one in expanded(image)} == by_formula
    assert formulas.one_pixel_shifts(1198)[-1] == r"N = 5 \cdot 1198 = 5990"
    assert formulas.one_pixel_shifts()[-1] == r"N = 5 \cdot n"
