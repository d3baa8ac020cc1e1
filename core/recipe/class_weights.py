"""Class weights: how much a training image of each class counts in the loss."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.ratio import ratio
from core.spec import Spec


class EqualWeights(Spec):
    """Every image counts once."""

    kind: Literal["equal"] = "equal"


class BalancedWeights(Spec):
    """An image of class k counts N / (K n_k): all classes have the same total weight, and all images together still
    weigh N (King and Zeng 2001; scikit-learn's "balanced")."""

    kind: Literal["balanced"] = "balanced"


class CustomWeights(Spec):
    """One factor per class, in the order of the classes."""

    kind: Literal["custom"] = "custom"
    weights: tuple[Annotated[float, Field(ge=0, le=1e6)], ...]


AnyWeights = EqualWeights | BalancedWeights | CustomWeights
ClassWeights = Annotated[AnyWeights, Field(discriminator="kind")]


def mismatch(weights: AnyWeights, classes: int, data: str) -> str:
    """A message if the number of weights is not the number of classes, else ""."""
    if not isinstance(weights, CustomWeights) or len(weights.weights) == classes:
        return ""
    return (
        f"there are {len(weights.weights)} class weights, but {data} has {classes} classes; give one weight per class, "
        "in class order"
    )


def balanced(counts: Array) -> Array:
    """(K,) counts -> (K,) factors N / (K n_k), where K counts only the classes that occur; 0 for the others."""
    return np.nan_to_num(ratio(counts.sum() / max(1, np.count_nonzero(counts)), counts))


def repetitions(counts: Array) -> Array:
    """(K,) how often each image appears when every class is repeated until it is as large as the largest; NaN for a
    class without images."""
    return ratio(counts.max(initial=0), counts)


def of_classes(weights: AnyWeights, counts: Array) -> Array:
    """(K,) factors of the classes, given their numbers of training images `counts` (K,)."""
    match weights:
        case BalancedWeights():
            return balanced(counts)
        case CustomWeights(weights=custom):
            return np.array(custom, float)
    return np.ones(len(counts))


def of_images(weights: AnyWeights, labels: Array, classes: int) -> Array | None:
    """(N,) factors of images with these labels; None if all are 1."""
    if isinstance(weights, EqualWeights):
        return None
    return of_classes(weights, np.bincount(labels, minlength=classes))[labels]
