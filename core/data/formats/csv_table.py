"""Images in a table: a CSV file with a column of labels and one column per pixel, like Kaggle's Digit Recognizer."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import numpy as np

from core.arrays import Array
from core.data.dataset import DataError, Dataset
from core.data.dataset_info import DataFile, Entry
from core.data.formats.safe_open import opened
from core.random import generator


MOST_ROWS = 200_000
MOST_SIDE = 128
MOST_BYTES = 2**29
LONGEST_ROW = MOST_SIDE**2 * 8
MOST_CLASSES = 1000

ENTRY = Entry(
    name="kaggle-digits",
    label="Kaggle digits",
    shape=(1, 28, 28),
    class_names=tuple("0123456789"),
    summary="42,000 of MNIST's digits as in Kaggle's Digit Recognizer: a CSV file; one in six is for the test.",
    source="Kaggle's 'Digit Recognizer', from MNIST by LeCun, Cortes and Burges (CC BY-SA 3.0).",
    wanted=(DataFile("kaggle-digits/train.csv", ("kaggle-digits/train.csv.gz",)),),
    get_it=(
        "get train.csv from https://www.kaggle.com/c/digit-recognizer/data (behind a login, so ConvScope cannot "
        "fetch it)"
    ),
)


def read(entry: Entry, paths: list[Path]) -> Dataset:
    """Raises DataError with the number of the invalid line."""
    with opened(paths[0]) as stream:
        images, labels = _table(stream, str(paths[0]))
    if images.shape[1:] != entry.shape or labels.max() > 9:
        height, width = images.shape[2:]
        raise DataError(
            f"{paths[0]} has images of {height}x{width} and labels up to {labels.max()}, but Kaggle's digits are "
            "28x28, 0 to 9. If it is a different table, upload it on the Data page."
        )
    return mixed(entry.name, entry.label, images, labels, entry.class_names, entry.source)


def read_table(stream: IO[bytes], label: str) -> Dataset:
    """An uploaded table, whose classes are the labels that occur. Raises DataError with the number of the invalid
    line."""
    images, labels = _table(stream, label)
    classes, positions = np.unique(labels, return_inverse=True)
    if len(classes) < 2:
        raise DataError(
            f"{label} has only one label ({classes[0]}), so there is nothing to distinguish. Add another class."
        )
    if len(classes) > MOST_CLASSES:
        raise DataError(
            f"{label} has {len(classes):,} different labels; at most {MOST_CLASSES:,} are allowed. Is this the file?"
        )
    source = f"A table uploaded as {label!r}."
    return mixed("", label, images, positions.astype(np.int64), tuple(map(str, classes)), source)


def mixed(name: str, label: str, images: Array, labels: Array, class_names: tuple[str, ...], source: str) -> Dataset:
    """A data set with one row in six for the test; rows are shuffled first, always in the same way."""
    order = generator(0, "rows of a table", len(labels)).permutation(len(labels))
    seam = len(labels) - len(labels) // 6
    parts = {"train": range(seam), "test": range(seam, len(labels))}
    return Dataset(
        name, label, images[order], labels[order], class_names, {k: v for k, v in parts.items() if v}, source
    )


def _table(stream: IO[bytes], name: str) -> tuple[Array, Array]:
    """Images (N, 1, side, side) uint8 and labels (N,) int64."""
    first = stream.readline(LONGEST_ROW).removeprefix(b"\xef\xbb\xbf")
    header = [field.strip(b'" \t\r\n').lower() for field in first.split(b",")]
    if b"label" not in header:
        raise DataError(
            f"{name} has no column 'label' in its first line. A table needs one, and one column per pixel: "
            "label,pixel0,pixel1,… (Kaggle's test.csv has no labels: use train.csv.)"
        )
    side = math.isqrt(len(header) - 1)
    if side * side != len(header) - 1 or not 1 <= side <= MOST_SIDE:
        raise DataError(
            f"{name} has {len(header) - 1:,} columns of pixels, which do not make a square of at most "
            f"{MOST_SIDE}x{MOST_SIDE}; 28x28 images have 784."
        )
    position = header.index(b"label")
    rows = list(_rows(stream, name, len(header), position))
    if not rows:
        raise DataError(f"{name} has a first line, but no rows. Get it again.")
    pixels, labels = zip(*rows, strict=True)
    return np.stack(pixels).reshape(-1, 1, side, side), np.array(labels, dtype=np.int64)


def _rows(stream: IO[bytes], name: str, columns: int, index: int) -> Iterator[tuple[Array, int]]:
    number = 1
    while line := stream.readline(LONGEST_ROW):
        number += 1
        if number > MOST_ROWS or number * columns > MOST_BYTES:
            raise DataError(f"{name} has more than {number - 2:,} rows of {columns:,} columns. Use fewer rows.")
        if not line.strip():
            continue
        try:
            values = _values(line, columns)
        except ValueError as wrong:
            raise DataError(f"{name}, line {number:,}: {wrong}. Fix the line or get the file again.") from None
        yield np.delete(values, index).astype(np.uint8), int(values[index])


def _values(line: bytes, columns: int) -> Array:
    """(columns,) int64 from 0 to 255; raises ValueError with a clause."""
    if strange := line.translate(None, b"0123456789, \r\n"):
        raise ValueError(f"{strange[:20].decode('utf-8', 'replace')!r} is not a whole number from 0 to 255")
    fields = line.count(b",") + 1
    if fields != columns:
        raise ValueError(f"it has {fields:,} fields where the first line has {columns:,}")
    values = np.array([int(field) if field.strip() else -1 for field in line.split(b",")])
    if values.min() < 0 or values.max() > 255:
        raise ValueError("a value is missing" if values.min() < 0 else f"{values.max()} is larger than 255")
    return values
