"""Street digits: the built-in digits made to look like house numbers, in colour and with neighbours. Synthetic."""

from pathlib import Path

import numpy as np

from core.arrays import Array
from core.data.dataset import Dataset
from core.data.dataset_info import Entry
from core.data.preparation.affine import about_the_middle, moved, warp
from core.data.sources import digits
from core.random import generator


SIDE = 32
TRAIN, TEST = 5000, 1000
SHARES = (4948, 13861, 10585, 8497, 7458, 6882, 5727, 5595, 5045, 4659)
"""How often each digit, 0 to 9, occurs in SVHN's training part."""

ENTRY = Entry(
    name="street-digits",
    label="Street digits (synthetic)",
    shape=(3, SIDE, SIDE),
    class_names=tuple("0123456789"),
    summary=f"Synthetic house numbers, 32x32, in colour, cluttered: {TRAIN + TEST:,}, with SVHN's frequencies.",
    source="Synthetic: drawn by ConvScope from scikit-learn's digits (Alpaydin and Kaynak 1998, CC BY 4.0) and a seed.",
)


def read(entry: Entry, paths: list[Path]) -> Dataset:
    """`paths` is empty. Test images use digits of other writers than training images."""
    small = digits.read(digits.ENTRIES[0], [])
    images, labels = [], []
    for part, count in (("train", TRAIN), ("test", TEST)):
        rows = small.parts[part]
        drawn, which = _drawn(
            small.images[rows.start : rows.stop],
            small.labels[rows.start : rows.stop],
            count,
            generator(0, "street", part),
        )
        images.append(drawn)
        labels.append(which)
    return Dataset(
        name=entry.name,
        label=entry.label,
        images=np.concatenate(images),
        labels=np.concatenate(labels),
        class_names=entry.class_names,
        parts={"train": range(TRAIN), "test": range(TRAIN, TRAIN + TEST)},
        source=entry.source,
    )


def _drawn(shapes: Array, labels: Array, count: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Images and labels: a digit in the centre of a wall, cut-off neighbours on both sides, uneven light, camera
    noise."""
    targets = rng.permutation(np.repeat(np.arange(10), _counts(count)))
    chosen = np.array([rng.choice(np.flatnonzero(labels == label)) for label in targets])
    beside = rng.integers(0, len(shapes), (2, count))
    ink = _placed(shapes[chosen], 0, rng)
    for rows, side in zip(beside, (-1, 1), strict=True):
        ink = np.maximum(ink, _placed(shapes[rows], side, rng) * (rng.random((count, 1, 1, 1)) < 0.7))
    wall, paint = _two_colours(count, rng)
    ramp = np.linspace(-0.5, 0.5, SIDE)
    light = sum(
        rng.normal(0, 30, (count, 1, 1, 1)) * ramp[shape]
        for shape in (np.s_[None, None, :, None], np.s_[None, None, None])
    )
    noise = rng.normal(0, 1, (count, 3, SIDE, SIDE)) * rng.uniform(2, 10, (count, 1, 1, 1))
    values = wall + (paint - wall) * ink + light + noise
    return np.clip(np.rint(values), 0, 255).astype(np.uint8), targets.astype(np.int64)


def _counts(count: int) -> list[int]:
    """`count` split in SVHN's proportions; what rounding leaves goes to the digit 1."""
    counts = [count * share // sum(SHARES) for share in SHARES]
    counts[1] += count - sum(counts)
    return counts


def _placed(shapes: Array, side: int, rng: np.random.Generator) -> Array:
    """Ink (N, 1, 32, 32) from 0 to 1: slightly rotated, scaled and shifted; `side` is -1 for the left neighbour, 1 for
    the right one."""
    count = len(shapes)
    framed = np.pad(shapes, ((0, 0), (0, 0), (2, 2), (2, 2)))
    angle, size = rng.normal(0, 0.12, count), rng.uniform(0.85, 1.25, count)
    linear = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]) / size
    by = rng.integers(-2, 2, (count, 2), endpoint=True)
    by[:, 1] += side * rng.integers(17, 22, count)
    matrices = moved(-by) @ about_the_middle(np.moveaxis(linear, -1, 0), SIDE, SIDE)
    return warp(framed, matrices[:, :2], 0) / 255


def _two_colours(count: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Colours of wall and paint (N, 3, 1, 1), about 60 grey levels or more apart; either can be the brighter one."""
    middle = rng.uniform(70, 185, (count, 1)) + rng.normal(0, 22, (count, 3))
    apart = rng.uniform(30, 70, (count, 1)) * rng.choice([-1, 1], (count, 1))
    return (middle - apart)[:, :, None, None], (middle + apart + rng.normal(0, 12, (count, 3)))[:, :, None, None]
