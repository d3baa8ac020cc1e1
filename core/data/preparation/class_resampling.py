"""Remedies that change the training rows: classes are balanced by leaving out or by copying rows. Validation and test
rows are never changed, so no copy of a training image can get into the evaluation."""

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.data.preparation.augmentation import Noise, Rotate, Shift, Transforms, apply
from core.random import generator
from core.spec import Spec


Times = Annotated[int, Field(ge=1, le=10**6)]


class NoBalance(Spec):
    """Keeps the training rows unchanged."""

    kind: Literal["none"] = "none"


class Undersample(Spec):
    """Keeps as many rows of each class as the rarest one has, drawn by the seed."""

    kind: Literal["undersample"] = "undersample"


class Oversample(Spec):
    """Repeats rare classes until they are as large as the largest one, but at most `times` times (None: no limit)."""

    kind: Literal["oversample"] = "oversample"
    times: Times | None = None


class NoisyCopies(Spec):
    """Oversampling with separate Gaussian noise on every copy."""

    kind: Literal["noisy_copies"] = "noisy_copies"
    times: Times | None = None
    deviation: float = Field(default=25.0, gt=0, le=255)
    """Standard deviation of the noise in grey levels (0 to 255)."""


class TransformedCopies(Spec):
    """Oversampling with random transforms of every copy, by default a shift and a rotation."""

    kind: Literal["transformed_copies"] = "transformed_copies"
    times: Times | None = None
    transforms: Transforms = (Shift(pixels=2), Rotate(degrees=10))


AnyBalance = NoBalance | Undersample | Oversample | NoisyCopies | TransformedCopies
Balance = Annotated[AnyBalance, Field(discriminator="kind")]


@dataclass(frozen=True, eq=False)
class Chosen:
    """The training rows after a remedy."""

    indices: Array
    """(N,) int64: indices among the rows before the remedy."""
    copies: Array
    """(N,) bool: True for copies."""


def balanced(balance: AnyBalance, labels: Array, seed: int) -> Chosen:
    """The training rows after the remedy, for rows with these labels (N,). With copies, all rows are shuffled, so that
    a fixed training order does not have the copies at the end."""
    counts = np.bincount(labels)
    target = counts_after(balance, counts)
    if np.array_equal(target, counts):
        return Chosen(np.arange(len(labels)), np.zeros(len(labels), bool))
    if isinstance(balance, Undersample):
        positions = np.sort(np.concatenate([_drawn(labels, k, target[k], seed) for k in range(len(counts))]))
        return Chosen(positions, np.zeros(len(positions), bool))
    extra = np.concatenate([_repeated(labels, k, target[k] - counts[k], seed) for k in range(len(counts))])
    positions = np.concatenate([np.arange(len(labels)), extra])
    copies = np.arange(len(positions)) >= len(labels)
    order = generator(seed, "mixed with copies").permutation(len(positions))
    return Chosen(positions[order], copies[order])


def counts_after(balance: AnyBalance, counts: Array) -> Array:
    """The number of rows of each class after the remedy, (K,), given `counts` (K,); an empty class stays empty."""
    match balance:
        case NoBalance():
            return counts
        case Undersample():
            rarest = int(counts[counts > 0].min(initial=counts.max(initial=0)))
            return np.minimum(counts, rarest)
    most = counts.max(initial=0)
    copied: Array = np.where(counts > 0, most if balance.times is None else np.minimum(most, counts * balance.times), 0)
    return copied


def redrawn(balance: AnyBalance, images: Array, seed: int) -> Array:
    """The images (N, C, H, W) uint8 of the copies, changed by the remedy."""
    match balance:
        case NoisyCopies(deviation=deviation):
            return apply(images, (Noise(deviation=deviation),), generator(seed, "noisy copies"))
        case TransformedCopies(transforms=transforms):
            return apply(images, transforms, generator(seed, "transformed copies"))
    return images


def _drawn(labels: Array, label: int, count: int, seed: int) -> Array:
    """`count` different indices of a class."""
    rows = np.flatnonzero(labels == label)
    chosen: Array = generator(seed, "undersample", label).permutation(rows)[:count]
    return chosen


def _repeated(labels: Array, label: int, count: int, seed: int) -> Array:
    """`count` indices of copies: the whole class as often as it fits, then some of it at random."""
    rows = np.flatnonzero(labels == label)
    if not count:
        return rows[:0]
    rounds, rest = divmod(int(count), len(rows))
    return np.concatenate([np.tile(rows, rounds), generator(seed, "oversample", label).permutation(rows)[:rest]])
