"""Label noise and one-pixel shifts as LaTeX formulas, with the current numbers."""

import math

from core.data.preparation.augmentation import AROUND
from core.data.preparation.class_resampling import Undersample
from core.data.recipe import DataRecipe
from core.formulas.recipe import number


def wrong_label(share: float, classes: int) -> list[str]:
    """The probabilities of the labels of a training image of class y if this share of the labels is wrong; one formula
    per line, none for a single class."""
    if classes < 2:
        return []
    other = number(float(f"{share / (classes - 1):.3g}"))
    return [
        rf"P(y) = 1 - {number(share)} = {number(1 - share)}",
        rf"P(k) = {number(share)} / ({classes} - 1) = {other}",
    ]


def wrong_labels(recipe: DataRecipe, images: int) -> list[str]:
    """The expected number of wrong labels among this many different training images, and its (binomial) standard
    deviation. None after undersampling, which balances the noisy labels and so changes their distribution."""
    if isinstance(recipe.balance, Undersample):
        return []
    share = recipe.label_noise
    deviation = math.sqrt(share * (1 - share) * images)
    return [
        rf"r\,n = {number(share)} \cdot {images} = {number(round(share * images, 1))}",
        rf"\sqrt{{r\,(1 - r)\,n}} = {number(round(deviation, 1))}",
    ]


def one_pixel_shifts(images: int | None = None) -> list[str]:
    """The images y that each image x becomes, in rows i and columns j; `images` is the number without them. One formula
    per line."""
    times = 1 + len(AROUND)
    count = "n" if images is None else rf"{images} = {times * images}"
    return [
        r"y_{i,\,j} = x_{i - a,\,j - b}",
        r"(a, b) \in \{(0, 0), (\pm 1, 0), (0, \pm 1)\}",
        rf"N = {times} \cdot {count}",
    ]
