"""The built-in data set: scikit-learn's 1,797 real 8x8 digits, scaled up; it needs no download.

They are the test part of the UCI "Optical Recognition of Handwritten Digits". Writers filled in forms, which follow one
another in the file: the same sequence of 130 labels appears fourteen times, with a few digits lost. A form starts at
row 1,287, so the last 510 digits are from four forms that are not in the training part.
"""

from pathlib import Path

import numpy as np
from PIL import Image

from core.arrays import Array
from core.data.dataset import Dataset
from core.data.dataset_info import Entry
from core.data.formats.sklearn_files import bundled


SEAM = 1287
SUMMARY = "1,797 real handwritten digits, {}; always available. The last 510, from separate forms, are for the test."
SOURCE = (
    "Optical Recognition of Handwritten Digits by Alpaydin and Kaynak 1998 (UCI, CC BY 4.0), 8x8 as in scikit-learn, "
    "scaled up by ConvScope."
)


def _entry(name: str, label: str, shape: tuple[int, int, int], size: str) -> Entry:
    return Entry(name, label, shape, tuple("0123456789"), SUMMARY.format(size), SOURCE)


ENTRIES = (
    _entry("digits", "Digits", (1, 28, 28), "scaled up from 8x8 to 28x28, grey"),
    _entry("digits-16x16", "Digits 16x16", (1, 16, 16), "scaled up from 8x8 to 16x16, grey"),
    _entry("digits-32x32-rgb", "Digits 32x32 RGB", (3, 32, 32), "scaled up from 8x8 to 32x32, one grey three times"),
)
BORDERS = {28: 4, 16: 1, 32: 4}
"""Side of an image -> width of its empty border; MNIST's 28 pixels also have 4."""


def read(entry: Entry, paths: list[Path]) -> Dataset:
    """`paths` is empty. The test part starts at row 1,287, where a form starts. Raises DataError."""
    channels, side, _ = entry.shape
    rows = np.loadtxt(bundled("data/digits.csv.gz"), delimiter=",")
    small, labels = rows[:, :-1], rows[:, -1]
    grey = np.stack([_scaled_up(image, side) for image in small.reshape(-1, 8, 8)])
    return Dataset(
        name=entry.name,
        label=entry.label,
        images=np.repeat(grey[:, None], channels, axis=1),
        labels=labels.astype(np.int64),
        class_names=entry.class_names,
        parts={"train": range(SEAM), "test": range(SEAM, len(labels))},
        source=entry.source,
    )


def _scaled_up(image: Array, side: int) -> Array:
    """(8, 8) of 0..16 -> (side, side) of 0..255, bicubic, with the border."""
    border = BORDERS[side]
    inner = side - 2 * border
    grey = Image.fromarray(np.rint(image * (255 / 16)).astype(np.uint8))
    return np.pad(np.asarray(grey.resize((inner, inner), Image.Resampling.BICUBIC)), border)
