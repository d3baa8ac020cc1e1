"""Every transform is explained with the numbers as they are typed."""

from typing import get_args

import pytest

from core.data.preparation import augmentation
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
    Zoom,
)
from core.formulas.augmentation import formula, sentence


EXPLAINED = [
    (Shift(pixels=3, fill=7), ["3 pixels", "level 7"], [r"|a|, |b| \le 3"]),
    (Rotate(degrees=12.5), ["12.5°"], [r"|\alpha| \le 12.5", r"\cos"]),
    (Zoom(by=0.25), ["factor of 0.75 to 1.25"], [r"0.75 \le f \le 1.25"]),
    (Shear(degrees=8), ["8°"], [r"\tan\alpha", r"\le 8"]),
    (Noise(deviation=30), ["30 of 255"], [r"x + 30\,n"]),
    (SaltAndPepper(share=0.06), ["6 %"], ["= 0.03", "= 0.94"]),
    (Brightness(by=15), ["15 grey levels"], [r"|b| \le 15"]),
    (Contrast(by=0.3), ["multiplied by 0.7 to 1.3"], [r"0.7 \le f \le 1.3"]),
    (Color(by=40), ["40 grey levels"], [r"|b_c| \le 40"]),
    (Flip(share=0.4), ["40 %"], ["probability }0.4"]),
    (Erase(share=0.2, size=0.35, fill=9), ["20 %", "0.35 times", "level 9"], [r"0.35\,H", "y = 9", "0.2"]),
]


@pytest.mark.parametrize("transform, words, numbers", EXPLAINED, ids=lambda value: getattr(value, "kind", ""))
def test_a_transform_is_explained_with_its_numbers(transform, words, numbers):
    assert all(word in sentence(transform) for word in words), sentence(transform)
    assert all(number in formula(transform) for number in numbers), formula(transform)
    assert formula(transform).count("{") == formula(transform).count("}")


def test_no_transform_is_left_out():
    union, _ = get_args(augmentation.Transform)
    assert {type(transform) for transform, _, _ in EXPLAINED} == set(get_args(union))
