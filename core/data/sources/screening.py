"""The 1 % illness: synthetic screening images of which one in a hundred has a faint bright spot. Drawn from a seed."""

from pathlib import Path

import numpy as np

from core.arrays import Array
from core.data.dataset import Dataset
from core.data.dataset_info import Entry
from core.random import generator


SIDE, EACH, ILL = 16, 5000, 50
"""Pixels of a side; images in the training and in the test part; how many of them are ill."""
SPOT = 1.5
"""Standard deviation of the spot in pixels."""

ENTRY = Entry(
    name="screening",
    label="Screening (synthetic)",
    shape=(1, SIDE, SIDE),
    class_names=("healthy", "ill"),
    summary="10,000 synthetic tissue images, 16x16, grey; 1 % show a faint bright spot: the illness. Always there.",
    source="Synthetic: drawn by ConvScope from a fixed seed.",
)


def read(entry: Entry, paths: list[Path]) -> Dataset:
    """`paths` is empty. Healthy and ill images come mixed."""
    from scipy.ndimage import gaussian_filter  # half a second of import, for this set only

    rng = generator(1, "screening")
    labels = np.concatenate([rng.permutation(np.repeat([0, 1], [EACH - ILL, ILL])) for _ in range(2)])
    tissue = gaussian_filter(rng.normal(size=(len(labels), SIDE, SIDE)), (0, 1, 1)) * 45
    grey = 110 + tissue + labels[:, None, None] * _spots(len(labels), rng)
    return Dataset(
        name=entry.name,
        label=entry.label,
        images=np.clip(np.rint(grey), 0, 255).astype(np.uint8)[:, None],
        labels=labels.astype(np.int64),
        class_names=entry.class_names,
        parts={"train": range(EACH), "test": range(EACH, len(labels))},
        source=entry.source,
    )


def _spots(count: int, rng: np.random.Generator) -> Array:
    """(count, SIDE, SIDE) grey levels: one spot each, somewhere inside, 40 to 70 levels high."""
    middle = rng.uniform(3, SIDE - 4, (2, count, 1))
    height = rng.uniform(40, 70, (count, 1, 1))
    down, across = (np.exp(-((np.arange(SIDE) - at) ** 2) / (2 * SPOT**2)) for at in middle)
    return height * down[:, :, None] * across[:, None, :]
