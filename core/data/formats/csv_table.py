"""Images in a table: one row per image, with a label and one column per pixel, like Kaggle's Digit Recognizer."""

import itertools
import operator
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import numpy as np

from core.arrays import Array
from core.data.dataset import PARTS, DataError, Dataset
from core.data.dataset_info import DataFile, Entry
from core.data.formats.class_names import in_order, one_spelling
from core.data.formats.known_sets import known_set
from core.data.formats.levels import Levels, levels_of
from core.data.formats.safe_open import at_most, opened
from core.data.formats.table_columns import KEPT, Columns, guessed_columns, has_names, is_number, named_columns
from core.data.formats.table_text import Line, lines_of
from core.data.formats.tree import part_named
from core.random import generator


MOST_BYTES = 2**29
MOST_VALUES = 2**27
"""Pixels of all images together."""
MOST_CLASSES = 1000
RARE = 0.01
"""If fewer values than this share are above 255, they are errors, not values of more bits."""

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
        dataset, _ = read_table(stream, str(paths[0]))
    if dataset.shape != entry.shape or not set(dataset.class_names) <= set(entry.class_names):
        _, height, width = dataset.shape
        raise DataError(
            f"{paths[0]} has images of {height}x{width} and labels up to {dataset.class_names[-1]}, but Kaggle's "
            "digits are 28x28, 0 to 9. If it is a different table, upload it on the Data page."
        )
    labels = np.array([int(name) for name in dataset.class_names], dtype=np.int64)[dataset.labels]
    return Dataset(entry.name, entry.label, dataset.images, labels, entry.class_names, dataset.parts, entry.source)


def read_table(stream: IO[bytes], label: str) -> tuple[Dataset, tuple[str, ...]]:
    """A data set whose classes are the labels that occur, and sentences about how the table was understood.

    Raises DataError with the number of the invalid line.
    """
    content = bytes(at_most(stream, MOST_BYTES + 1))
    if len(content) > MOST_BYTES:
        raise DataError(f"{label} is larger than {MOST_BYTES // 2**20} MB. Use fewer rows.")
    columns, width, rows = _understood(lines_of(content, label), label)
    texts, parts, values, numbers = _read(rows, columns, width, label)
    images, remark = _levelled(values, numbers, label)
    images, order = _planes(images, columns)
    classes, labels, remarks = _classes(texts, label)
    source = f"A table uploaded as {label!r}."
    said = (*columns.remarks, *remarks, *(text for text in (remark, order) if text))
    if columns.part is not None and set(parts) <= set(PARTS) and "train" in parts:
        dataset = _in_parts(label, images, labels, classes, parts, source)
    else:
        dataset = mixed("", label, images, labels, classes, source)
    return dataset, (*said, *filter(None, [known_set(dataset)]))


def mixed(name: str, label: str, images: Array, labels: Array, class_names: tuple[str, ...], source: str) -> Dataset:
    """A data set with one row in six for the test; rows are shuffled first, always in the same way."""
    order = generator(0, "rows of a table", len(labels)).permutation(len(labels))
    seam = len(labels) - len(labels) // 6
    parts = {"train": range(seam), "test": range(seam, len(labels))}
    return Dataset(
        name, label, images[order], labels[order], class_names, {k: v for k, v in parts.items() if v}, source
    )


def _in_parts(
    label: str, images: Array, labels: Array, class_names: tuple[str, ...], parts: list[str], source: str
) -> Dataset:
    place = np.array([PARTS.index(part) for part in parts])
    order = np.argsort(place, kind="stable")
    ends = np.cumsum([0, *np.bincount(place, minlength=len(PARTS))]).tolist()
    ranges = {part: range(*bounds) for part, bounds in zip(PARTS, itertools.pairwise(ends), strict=True)}
    return Dataset("", label, images[order], labels[order], class_names, {k: v for k, v in ranges.items() if v}, source)


# --- lines ------------------------------------------------------------------------------------------------------------


def _understood(lines: Iterator[Line], name: str) -> tuple[Columns, int, Iterator[Line]]:
    """What the columns are, how many there are, and the lines with values."""
    first = list(itertools.islice(lines, KEPT))
    if not first:
        raise DataError(f"{name} has no lines. Choose the file again.")
    names, rows = first[0].fields, first[1:]
    if len(names) < 2:
        raise DataError(
            f"{name} has only one column. A table needs a label and one column per pixel, separated by commas: "
            "label,pixel0,pixel1,…"
        )
    if not has_names(names, rows[0].fields if rows else names):
        for line in first:
            _check_width(line, len(names), name)
        return guessed_columns([line.fields for line in first], name), len(names), itertools.chain(first, lines)
    if not rows:
        raise DataError(f"{name} has a first line, but no rows. Get it again.")
    if len(rows[0].fields) == len(names) + 1 and all(len(line.fields) == len(names) + 1 for line in rows):
        names = ["", *names]  # R writes no name for the names of the rows
    _check_width(rows[0], len(names), name)
    lines = itertools.chain(rows, lines)
    if (place := _one_column_of_pixels(names, rows[0].fields)) is not None:
        count, width = len(_numbers_in(rows[0].fields[place])), len(names)
        lines = (_spread(line, place, width, count, name) for line in lines)
        rows = [_spread(rows[0], place, width, count, name)]
        names = [*names[:place], *(f"pixel{number}" for number in range(count)), *names[place + 1 :]]
    return named_columns(names, rows[0].fields, name), len(names), lines


def _one_column_of_pixels(names: list[str], first: list[str]) -> int | None:
    """As in FER2013: all pixels of an image in one field, with blanks between them."""
    named = [place for place, name in enumerate(names) if name.strip().lower() in ("pixels", "pixel", "image")]
    return next((place for place in named if len(_numbers_in(first[place])) > 3), None)


def _numbers_in(field: str) -> list[str]:
    numbers = field.strip("[] ").replace(",", " ").split()
    return numbers if all(map(is_number, numbers[:4])) else []


def _spread(line: Line, place: int, width: int, count: int, name: str) -> Line:
    """With a field for each pixel. Raises DataError."""
    _check_width(line, width, name)
    numbers = _numbers_in(line.fields[place])
    if len(numbers) != count:
        raise DataError(
            f"{name}, line {line.number:,}: it has {len(numbers):,} pixels where the first row has {count:,}. Fix "
            "the line or get the file again."
        )
    return Line(line.number, [*line.fields[:place], *numbers, *line.fields[place + 1 :]])


def _check_width(line: Line, width: int, name: str) -> None:
    if len(line.fields) != width:
        raise DataError(
            f"{name}, line {line.number:,}: it has {len(line.fields):,} fields where the first line has {width:,}. Fix "
            "the line or get the file again."
        )


def _read(
    lines: Iterator[Line], columns: Columns, width: int, name: str
) -> tuple[list[str], list[str], Array, list[int]]:
    """Labels as texts, parts, pixels (N, C*H*W) float32, and the numbers of their lines."""
    texts: list[str] = []
    parts: list[str] = []
    pixels: list[Array] = []
    numbers: list[int] = []
    of_pixels = operator.itemgetter(*columns.pixels, columns.pixels[0])  # a tuple, also of one pixel
    for line in lines:
        if len(pixels) * width > MOST_VALUES:
            raise DataError(f"{name} has more than {len(pixels):,} rows of {width:,} columns. Use fewer rows.")
        _check_width(line, width, name)
        try:
            texts.append(_label(line.fields, columns))
            pixels.append(_pixels(of_pixels(line.fields)[:-1]))
        except ValueError as wrong:
            raise DataError(f"{name}, line {line.number:,}: {wrong}. Fix the line or get the file again.") from None
        parts.append(part_named(line.fields[columns.part]) if columns.part is not None else "")
        numbers.append(line.number)
    return texts, parts, np.stack(pixels), numbers


def _label(fields: list[str], columns: Columns) -> str:
    """Raises ValueError with a clause."""
    if len(columns.labels) == 1:
        if not (text := fields[columns.labels[0]]):
            raise ValueError("the label is missing")
        return text
    ones = [place for place, column in enumerate(columns.labels) if is_number(fields[column]) and float(fields[column])]
    if len(ones) != 1:
        raise ValueError(f"{len(ones)} of the {len(columns.labels)} columns of classes are 1, not exactly one")
    return columns.class_names[ones[0]]


def _pixels(texts: tuple[str, ...]) -> Array:
    """float32; raises ValueError with a clause."""
    try:
        values = np.fromiter(map(float, texts), dtype=np.float32, count=len(texts))
    except ValueError:
        values = np.array([np.nan])
    if not np.isfinite(values).all():
        wrong = next(text for text in texts if not is_number(text))
        raise ValueError(f"{wrong[:20]!r} is not a number" if wrong.strip() else "a value is missing")
    return values


# --- values and labels ------------------------------------------------------------------------------------------------


def _levelled(values: Array, numbers: list[int], name: str) -> tuple[Array, str]:
    """uint8, and a sentence if the values were no grey levels. Raises DataError for a few values that are too large."""
    low, high = float(values.min()), float(values.max())
    whole = bool((values == np.rint(values)).all())
    if low >= 0 and high > 255 and (values > 255).mean() < RARE:
        row = int(np.argmax(values.max(axis=1) > 255))
        raise DataError(
            f"{name}, line {numbers[row]:,}: {values[row].max():g} is larger than 255, unlike nearly all other values. "
            "Fix the line or get the file again."
        )
    levels = levels_of(low, high, whole)
    if (values.min(axis=1) == values.max(axis=1)).all():  # what is white shows only inside an image
        levels = levels if high > 255 or low < 0 else Levels(0, 255)
    return levels.applied(values), f"The table has pixels {levels.remark}." if levels.remark else ""


def _planes(flat: Array, columns: Columns) -> tuple[Array, str]:
    """(N, C*H*W) -> (N, C, H, W), and a sentence if the order of colours had to be found out."""
    channels, height, width = columns.shape
    planar = flat.reshape(-1, channels, height, width)
    if channels == 1 or columns.planar:
        return planar, ""
    interleaved = np.moveaxis(flat.reshape(-1, height, width, channels), -1, 1)
    if _roughness(interleaved) <= _roughness(planar):
        return np.ascontiguousarray(interleaved), "Three columns make a pixel: red, green, blue."
    return planar, "The columns are all red values, then all green, then all blue ones."


def _roughness(images: Array) -> float:
    """The mean difference between neighbouring pixels of the first images."""
    some = images[:500].astype(np.int16)
    return float(np.abs(np.diff(some, axis=2)).mean() + np.abs(np.diff(some, axis=3)).mean())


def _classes(texts: list[str], name: str) -> tuple[tuple[str, ...], Array, tuple[str, ...]]:
    """Names of the classes, labels (N,) int64, and remarks. Raises DataError."""
    remarks: tuple[str, ...] = ()
    different = dict.fromkeys(texts)
    if all(is_number(text) and float(text) == float(text) // 1 for text in different):
        spelling = {text: str(int(float(text))) for text in different}
    else:
        spelling, remarks = one_spelling(texts)
    classes = in_order(spelling.values())
    if len(classes) < 2:
        raise DataError(
            f"{name} has only one label ({classes[0]}), so there is nothing to distinguish. Add another class."
        )
    if len(classes) > MOST_CLASSES:
        raise DataError(
            f"{name} has {len(classes):,} different labels; at most {MOST_CLASSES:,} are allowed. Is this the file, "
            "and is its column of labels the right one?"
        )
    numbers = {class_: number for number, class_ in enumerate(classes)}
    return classes, np.array([numbers[spelling[text]] for text in texts], dtype=np.int64), remarks
