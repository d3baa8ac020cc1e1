"""Every remedy, and every way to make classes rare, has a formula with the class counts as they are."""

from dataclasses import replace

import numpy as np
import pytest
from pydantic import ValidationError

from core.data.preparation.class_imbalance import Counts, LongTail, NoImbalance, Shares
from core.experiment.imbalance_remedies import Numbers, remedies
from core.formulas.remedies import imbalance_formula, remedy_formula


COUNTS = np.array([120, 60, 0, 5])
NUMBERS = Numbers(deviation=30, shift=3, degrees=15, gamma=3, tau=0.5)
SAID = {
    "none": ["N = 185", "= 120", "= 5"],
    "undersample": [r"\min_j n_j = 5", r"120 \to 5", r"N = 185 \to 15"],
    "oversample": [r"\max_j n_j = 120", r"5 \to 120", r"N = 185 \to 360"],
    "class-weights": [r"\dfrac{185}{3 \cdot 5} = 12.3333"],
    "noisy-copies": [r"N = 185 \to 360", r"x + 30\,n"],
    "transformed-copies": [r"5 \to 120", r"\le 3", r"\le 15"],
    "balanced-batches": [r"\frac{32}{3} = 10.6667"],
    "focal": [r"(1 - p_y)^{3}", r"(1 - 0.9)^{3} = 0.001"],
    "logit-adjustment": [r"0.5 \log\dfrac{5}{185} = -1.81", r"0.5 \log\dfrac{120}{185} = -0.22"],
}


@pytest.mark.parametrize("name", remedies())
def test_a_remedy_is_explained_with_the_class_counts(name):
    said = " ".join(remedy_formula(remedies(NUMBERS)[name], COUNTS, 32))
    assert all(number in said for number in SAID[name]), said
    assert said.count("{") == said.count("}")


def test_a_limit_on_repeating_stands_in_the_formula():
    said = remedy_formula(remedies(replace(NUMBERS, times=4))["oversample"], COUNTS, 32)[0]
    assert r"\min(120,\, 4\,n_k)" in said
    assert r"5 \to 20" in said
    assert r"N = 185 \to 260" in said


def test_numbers_that_cannot_be_have_no_formula():
    with pytest.raises(ValidationError):
        remedy_formula(remedies(replace(NUMBERS, gamma=-1))["focal"], COUNTS, 32)


@pytest.mark.parametrize(
    "imbalance, numbers",
    [
        (NoImbalance(), ["N = 185"]),
        (LongTail(ratio=20), [r"120 \cdot 20^{-k / 3}"]),
        (Counts(keep={3: 2}, others=50), ["n'_{3} = 2", "n'_k = 50"]),
        (Shares(keep={0: 0.25}), [r"n'_{0} = 0.25 \cdot 120"]),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_what_makes_classes_rare_is_explained_with_the_class_counts(imbalance, numbers):
    assert all(number in imbalance_formula(imbalance, COUNTS) for number in numbers)
