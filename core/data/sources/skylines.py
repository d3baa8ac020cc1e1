"""Cities and landscapes: towers and fields, drawn from a seed, whose edges mislead and whose long lines tell them apart."""

from pathlib import Path

import numpy as np

from core.arrays import Array
from core.data.dataset import Dataset
from core.data.dataset_info import Entry
from core.random import generator


SIDE, TRAIN, TEST = 24, 1600, 400

ENTRY = Entry(
    name="city-landscape",
    label="City or landscape (synthetic)",
    shape=(1, SIDE, SIDE),
    class_names=("city", "landscape"),
    summary=f"{TRAIN + TEST:,} synthetic views, 24x24, grey: towers, or fields like a chessboard. Always there.",
    source="Synthetic: drawn by ConvScope from a seed.",
)


def read(entry: Entry, paths: list[Path]) -> Dataset:
    """`paths` is empty. Both kinds equally often in each part, mixed."""
    rng = generator(1, entry.name)
    labels = np.concatenate([rng.permutation(np.arange(count) % 2) for count in (TRAIN, TEST)])
    shapes = np.array([(_fields if label else _towers)(rng) for label in labels])
    dark, apart = rng.uniform(10, 60, (len(labels), 1, 1)), rng.uniform(130, 185, (len(labels), 1, 1))
    grey = dark + apart * shapes + rng.normal(0, 5, shapes.shape)
    return Dataset(
        name=entry.name,
        label=entry.label,
        images=np.clip(np.rint(grey), 0, 255).astype(np.uint8)[:, None],
        labels=labels.astype(np.int64),
        class_names=entry.class_names,
        parts={"train": range(TRAIN), "test": range(TRAIN, TRAIN + TEST)},
        source=entry.source,
    )


def _towers(rng: np.random.Generator) -> Array:
    """(SIDE, SIDE) of 0 and 1: two or three towers beside each other, each down to the ground."""
    image = np.zeros((SIDE, SIDE))
    count = int(rng.integers(2, 4))
    plot = SIDE // count
    for index in range(count):
        wide = int(rng.integers(3, 6))
        left = index * plot + int(rng.integers(1, plot - wide))
        image[int(rng.integers(1, 10)) :, left : left + wide] = 1
    return image


def _fields(rng: np.random.Generator) -> Array:
    """(SIDE, SIDE) of 0 and 1: a chessboard of small fields, beginning anywhere."""
    high, wide = int(rng.integers(3, 6)), int(rng.integers(3, 5))
    down, right = rng.integers(0, 2 * high), rng.integers(0, 2 * wide)
    row, column = np.indices((SIDE, SIDE))
    return ((row + down) // high + (column + right) // wide) % 2.0
