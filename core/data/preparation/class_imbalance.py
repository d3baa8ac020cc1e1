"""Making a data set imbalanced: which of the training rows stay. Validation and test rows are never touched."""

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
    """Every training row stays."""

    kind: Literal["none"] = "none"


class Counts(Spec):
    """Of each class that is named its first so many training images; of the others `others` (None: all)."""

    kind: Literal["counts"] = "counts"
    keep: dict[ClassNumber, Images] = {}
    others: Images | None = None


class Shares(Spec):
    """Of each class that is named a share of its training images, the nearest whole number and at least one; of the
    others all."""

    kind: Literal["shares"] = "shares"
    keep: dict[ClassNumber, Share] = {}


class LongTail(Spec):
    """Class k of K (from 0) keeps about largest * ratio^(-k / (K - 1)): the first class is `ratio` times the last (Cui
    et al. 2019, "Class-balanced loss", section 5.1). `largest` is the largest class; a class that has fewer keeps all."""

    kind: Literal["long_tail"] = "long_tail"
    ratio: float = Field(default=100.0, ge=1, le=1e6)


Imbalance = Annotated[NoImbalance | Counts | Shares | LongTail, Field(discriminator="kind")]


def kept(imbalance: NoImbalance | Counts | Shares | LongTail, labels: Array, classes: int) -> Array:
    """Places in `labels` (N,) of the rows that stay, rising: of each class the first. Raises DataError."""
    if isinstance(imbalance, NoImbalance):
        return np.arange(len(labels))
    wanted = counts_after(imbalance, np.bincount(labels, minlength=classes))
    return np.sort(np.concatenate([np.flatnonzero(labels == k)[: wanted[k]] for k in range(classes)]))


def counts_after(imbalance: NoImbalance | Counts | Shares | LongTail, counts: Array) -> Array:
    """How many training images of each class stay, (K,) int64, of `counts` (K,).

    Raises DataError for a class that is not there, or that has fewer than asked.
    """
    for number in getattr(imbalance, "keep", {}):
        if number >= len(counts):
            raise DataError(f"There is no class number {number}: the classes are 0 to {len(counts) - 1}. Choose one.")
    match imbalance:
        case Counts(keep=keep, others=others):
            asked = {number: others for number in range(len(counts)) if others and counts[number]} | keep
            return _asked(counts, asked)
        case Shares(keep=keep):
            shares = np.array([keep.get(number, 1.0) for number in range(len(counts))])
            return np.minimum(counts, np.maximum(1, np.floor(shares * counts + 0.5).astype(np.int64)))
        case LongTail(ratio=ratio):
            falling = ratio ** (-np.arange(len(counts)) / max(1, len(counts) - 1))
            return np.minimum(counts, np.maximum(1, np.floor(counts.max() * falling + 0.5).astype(np.int64)))
    return counts


def _asked(counts: Array, asked: dict[int, int]) -> Array:
    after = counts.copy()
    for number, count in asked.items():
        if count > counts[number]:
            raise DataError(
                f"{count:,} training images of class number {number} are asked for, but there are {counts[number]:,}. "
                "Ask for fewer, or keep fewer images for validation."
            )
        after[number] = count
    return after
