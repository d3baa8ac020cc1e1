"""Remedies that change the training rows: every class gets as many, by leaving out or by copying. Originals stay as they
are, and validation and test rows are never touched, so no copy can ever judge what its original has taught."""

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
    """The training rows as they are."""

    kind: Literal["none"] = "none"


class Undersample(Spec):
    """Of every class as many as the rarest one has, drawn from the seed."""

    kind: Literal["undersample"] = "undersample"


class Oversample(Spec):
    """Rarer classes are repeated until they are as large as the largest one, but at most `times` times (None: as often
    as that takes)."""

    kind: Literal["oversample"] = "oversample"
    times: Times | None = None


class NoisyCopies(Spec):
    """As repeating, but every copy gets Gaussian noise of its own."""

    kind: Literal["noisy_copies"] = "noisy_copies"
    times: Times | None = None
    deviation: float = Field(default=25.0, gt=0, le=255)
    """Standard deviation of the noise in grey levels (0 to 255)."""


class TransformedCopies(Spec):
    """As repeating, but every copy is drawn anew in a way of its own: shifted, turned, or what else is asked for."""

    kind: Literal["transformed_copies"] = "transformed_copies"
    times: Times | None = None
    transforms: Transforms = (Shift(pixels=2), Rotate(degrees=10))


AnyBalance = NoBalance | Undersample | Oversample | NoisyCopies | TransformedCopies
Balance = Annotated[AnyBalance, Field(discriminator="kind")]


@dataclass(frozen=True, eq=False)
class Chosen:
    """Which rows train."""

    indices: Array
    """(N,) int64: indices among the rows there were."""
    copies: Array
    """(N,) bool: True where a row has been there before."""


def balanced(balance: AnyBalance, labels: Array, seed: int) -> Chosen:
    """Of rows with these labels (N,). Where there are copies all rows are mixed: a fixed order of training must not see
    them at the end."""
    counts = np.bincount(labels)
    wanted = counts_after(balance, counts)
    if np.array_equal(wanted, counts):
        return Chosen(np.arange(len(labels)), np.zeros(len(labels), bool))
    if isinstance(balance, Undersample):
        positions = np.sort(np.concatenate([_drawn(labels, k, wanted[k], seed) for k in range(len(counts))]))
        return Chosen(positions, np.zeros(len(positions), bool))
    extra = np.concatenate([_repeated(labels, k, wanted[k] - counts[k], seed) for k in range(len(counts))])
    positions = np.concatenate([np.arange(len(labels)), extra])
    copies = np.arange(len(positions)) >= len(labels)
    order = generator(seed, "mixed with copies").permutation(len(positions))
    return Chosen(positions[order], copies[order])


def counts_after(balance: AnyBalance, counts: Array) -> Array:
    """How many rows of each class train, (K,), of `counts` (K,); a class without any keeps none."""
    match balance:
        case NoBalance():
            return counts
        case Undersample():
            return np.minimum(counts, counts[counts > 0].min(initial=counts.max(initial=0)))
    most = counts.max(initial=0)
    return np.where(counts > 0, most if balance.times is None else np.minimum(most, counts * balance.times), 0)


def redrawn(balance: AnyBalance, images: Array, seed: int) -> Array:
    """The images (N, C, H, W) uint8 of the copies, as the remedy has them."""
    match balance:
        case NoisyCopies(deviation=deviation):
            return apply(images, (Noise(deviation=deviation),), generator(seed, "noisy copies"))
        case TransformedCopies(transforms=transforms):
            return apply(images, transforms, generator(seed, "transformed copies"))
    return images


def _drawn(labels: Array, label: int, count: int, seed: int) -> Array:
    """`count` of the indices of a class, none of them twice."""
    own = np.flatnonzero(labels == label)
    return generator(seed, "undersample", label).permutation(own)[:count]


def _repeated(labels: Array, label: int, count: int, seed: int) -> Array:
    """`count` copies: all of the class again and again, then a draw of it."""
    own = np.flatnonzero(labels == label)
    if not count:
        return own[:0]
    rounds, rest = divmod(int(count), len(own))
    return np.concatenate([np.tile(own, rounds), generator(seed, "oversample", label).permutation(own)[:rest]])
