"""Making a data set imbalanced: which training rows are kept. Validation and test rows are never changed."""

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.data.dataset import DataError
from core.spec import Spec


ClassNumber = Annotated[int, Field(ge=0, le=10**6)]
Images = Annotated[int, Field(ge=1, le=10**9)]
Share = Annotated[float, Field(gt=0, le=1)]


class NoImbalance(Spec):
    """Keeps all training rows."""

    kind: Literal["none"] = "none"


class Counts(Spec):
    """Keeps the first images of the given classes, as many as `keep` says, and `others` of each other class (None:
    all)."""

    kind: Literal["counts"] = "counts"
    keep: dict[ClassNumber, Images] = {}
    others: Images | None = None


class Shares(Spec):
    """Keeps a share of the training images of the given classes, rounded, but at least one image; all of the other
    classes."""

    kind: Literal["shares"] = "shares"
    keep: dict[ClassNumber, Share] = {}


class LongTail(Spec):
    """Class k of K (from 0) keeps about largest * ratio^(-k / (K - 1)) images, so that the first class is `ratio` times
    the last (Cui et al. 2019, "Class-balanced loss", section 5.1). `largest` is the size of the largest class; a class
    with fewer images keeps all."""

    kind: Literal["long_tail"] = "long_tail"
    ratio: float = Field(default=100.0, ge=1, le=1e6)


AnyImbalance = NoImbalance | Counts | Shares | LongTail
Imbalance = Annotated[AnyImbalance, Field(discriminator="kind")]


def kept(imbalance: AnyImbalance, labels: Array, classes: int) -> Array:
    """Ascending indices in `labels` (N,) of the rows that are kept: the first of each class. Raises DataError."""
    if isinstance(imbalance, NoImbalance):
        return np.arange(len(labels))
    counts = counts_after(imbalance, np.bincount(labels, minlength=classes))
    return np.sort(np.concatenate([np.flatnonzero(labels == k)[: counts[k]] for k in range(classes)]))


def counts_after(imbalance: AnyImbalance, counts: Array) -> Array:
    """How many of the `counts` (K,) training images of each class are kept, (K,) int64.

    Raises DataError for a class that does not exist or has too few images.
    """
    for number in getattr(imbalance, "keep", {}):
        if number >= len(counts):
            raise DataError(f"There is no class {number}. Choose a class from 0 to {len(counts) - 1}.")
    match imbalance:
        case Counts(keep=keep, others=others):
            requested = {number: others for number in range(len(counts)) if others and counts[number]} | keep
            return _with_counts(counts, requested)
        case Shares(keep=keep):
            shares = np.array([keep.get(number, 1.0) for number in range(len(counts))])
            rounded: Array = np.floor(shares * counts + 0.5).astype(np.int64)
            return np.minimum(counts, np.maximum(1, rounded))
        case LongTail(ratio=ratio):
            falling = ratio ** (-np.arange(len(counts)) / max(1, len(counts) - 1))
            rounded = np.floor(counts.max() * falling + 0.5).astype(np.int64)
            return np.minimum(counts, np.maximum(1, rounded))
    return counts


def _with_counts(counts: Array, requested: dict[int, int]) -> Array:
    after = counts.copy()
    for number, count in requested.items():
        if count > counts[number]:
            raise DataError(
                f"The recipe needs {count:,} training images of class {number}, but there are only {counts[number]:,}. "
                "Choose a smaller number, or use fewer images for validation."
            )
        after[number] = count
    return after
