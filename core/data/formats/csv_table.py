"""Images in a table: a CSV file with a column of labels and one column a pixel, as Kaggle's Digit Recognizer has it."""

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
    summary="42,000 of MNIST's digits as Kaggle's Digit Recognizer gives them: a CSV file; one in six tests.",
    source="Kaggle's 'Digit Recognizer', from MNIST by LeCun, Cortes and Burges (CC BY-SA 3.0).",
    wanted=(DataFile("kaggle-digits/train.csv", ("kaggle-digits/train.csv.gz",)),),
    get_it="get train.csv from https://www.kaggle.com/c/digit-recognizer/data (behind a login, so ConvScope cannot fetch it)",
)


def read(entry: Entry, paths: list[Path]) -> Dataset:
    """Raises DataError naming the line."""
    with opened(paths[0]) as stream:
        images, labels = _table(stream, str(paths[0]))
    if images.shape[1:] != entry.shape or labels.max() > 9:
        height, width = images.shape[2:]
        raise DataError(
            f"{paths[0]} has images of {height}x{width} and labels up to {labels.max()}, but Kaggle's digits are 28x28, "
            "0 to 9. Is it another file? Then upload it on the Data page."
        )
    return mixed(entry.name, entry.label, images, labels, entry.class_names, entry.source)


def read_table(stream: IO[bytes], label: str) -> Dataset:
    """A table somebody has uploaded: its classes are the labels that occur. Raises DataError naming the line."""
    images, labels = _table(stream, label)
    result, positions = np.unique(labels, return_inverse=True)
    if len(result) < 2:
        raise DataError(
            f"{label} has one label only ({result[0]}), so there is nothing to tell apart. Add another class."
        )
    if len(result) > MOST_CLASSES:
        raise DataError(
            f"{label} has {len(result):,} different labels; {MOST_CLASSES:,} are the most. Is it the right file?"
        )
    source = f"A table given as {label!r}."
    return mixed("", label, images, positions.astype(np.int64), tuple(map(str, result)), source)


def mixed(name: str, label: str, images, labels, class_names, source: str) -> Dataset:
    """One row in six tests; rows are mixed first, always in the same way."""
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
            f"{name} has no column 'label' in its first line. A table needs that, and one column a pixel: "
            "label,pixel0,pixel1,… (Kaggle's test.csv has no labels: take train.csv.)"
        )
    side = math.isqrt(len(header) - 1)
    if side * side != len(header) - 1 or not 1 <= side <= MOST_SIDE:
        raise DataError(
            f"{name} has {len(header) - 1:,} columns of pixels, which make no square of at most {MOST_SIDE}x{MOST_SIDE}; "
            "28x28 images have 784."
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
            raise DataError(f"{name} has more than {number - 2:,} rows of {columns:,} columns. Take fewer rows.")
        if not line.strip():
            continue
        try:
            values = _values(line, columns)
        except ValueError as wrong:
            raise DataError(f"{name}, line {number:,}: {wrong}. Mend the line or get the file again.") from None
        yield np.delete(values, index).astype(np.uint8), int(values[index])


def _values(line: bytes, columns: int) -> Array:
    """(columns,) int64 of 0 to 255; raises ValueError with a clause."""
    if strange := line.translate(None, b"0123456789, \r\n"):
        raise ValueError(
            f"{strange[:20].decode('utf-8', 'replace')!r} stands where only whole numbers from 0 to 255 do"
        )
    fields = line.count(b",") + 1
    if fields != columns:
        raise ValueError(f"it has {fields:,} fields where the first line has {columns:,}")
    values = np.array([int(field) if field.strip() else -1 for field in line.split(b",")])
    if values.min() < 0 or values.max() > 255:
        raise ValueError("a value is missing" if values.min() < 0 else f"{values.max()} is larger than 255")
    return values
