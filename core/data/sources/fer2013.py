"""FER2013: 35,887 faces with seven expressions, in one CSV file of pixel values."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from core.arrays import Array
from core.data.dataset import PARTS, DataError, Dataset
from core.data.dataset_info import DataFile, Entry
from core.data.formats.safe_open import opened


SIDE = 48
PIXELS = SIDE * SIDE
MOST_ROWS = 100_000
LONGEST_ROW = 20_000
"""Bytes; 2,304 values of three digits need 9,216."""
COLUMNS = (b"emotion", b"pixels")
USAGE = b"Usage"
USAGES = {b"Training": 0, b"PublicTest": 1, b"PrivateTest": 2}
"""Usage -> index in PARTS: train, validation, test."""
UNSAID = 3
"""Without a column Usage."""
EMOTIONS = {str(label).encode(): label for label in range(7)}
NAMES = tuple(
    f"fer2013/{name}.csv{gz}"
    for name in ("fer2013", "icml_face_data", "fer2013/fer2013", "train")
    for gz in ("", ".gz")
)
"""As in the archive of 2013, and as on Kaggle today: icml_face_data.csv is the whole, train.csv its training part."""

ENTRY = Entry(
    name="fer2013",
    label="FER2013",
    shape=(1, SIDE, SIDE),
    class_names=("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral"),
    summary="35,887 faces with seven expressions, 48x48, grey; 'disgust' is rare, and many faces appear twice.",
    source="FER2013 by Carrier and Courville, Kaggle's 'Challenges in Representation Learning' 2013; for research.",
    wanted=(DataFile(NAMES[0], NAMES[1:]),),
    get_it=(
        "get it from https://www.kaggle.com/c/challenges-in-representation-learning-facial-expression-recognition-"
        "challenge/data (behind a login, so ConvScope cannot fetch it; fer2013.csv.gz also works)"
    ),
)


def read(entry: Entry, paths: list[Path]) -> Dataset:
    """Rows are grouped by Usage, in file order within each. Raises DataError with the number of the invalid row."""
    return grouped(entry, paths[0], *faces(paths[0]))


def faces(path: Path) -> tuple[Array, Array, Array]:
    """Pixels (N, 2304) uint8, labels and indices of the Usage (N,), in file order. Raises DataError."""
    rows = list(_rows(path))
    if not rows:
        raise DataError(f"{path} has a header but no rows. Delete it and get it again.")
    images, labels, usages = map(np.array, zip(*rows, strict=True))
    return images, labels, usages


def grouped(entry: Entry, path: Path, images: Array, labels: Array, usages: Array) -> Dataset:
    """The data set with its rows grouped by Usage. Raises DataError if there are none to train with."""
    remark = ""
    if (usages == UNSAID).all():
        usages = np.arange(len(usages)) % 6 // 5 * 2
        remark = f"{path.name} does not say which images are for the test: here, every sixth one is."
    order = np.argsort(usages, kind="stable")
    ends = np.cumsum([0, *np.bincount(usages, minlength=3)]).tolist()
    if not ends[1]:
        raise DataError(f"{path} has no rows with the Usage Training. Delete it and get the whole file.")
    parts = {part: range(*bounds) for part, bounds in zip(PARTS, itertools.pairwise(ends), strict=True)}
    return Dataset(
        name=entry.name,
        label=entry.label,
        images=images[order].reshape(-1, 1, SIDE, SIDE),
        labels=labels[order].astype(np.int64),
        class_names=entry.class_names,
        parts={part: rows for part, rows in parts.items() if rows},
        source=entry.source,
        remark=remark,
    )


def _rows(path: Path) -> Iterator[tuple[Array, int, int]]:
    """Pixels (2304,) uint8, label and index of the Usage for each line after the header."""
    with opened(path) as stream:
        header = _fields(stream.readline(LONGEST_ROW).removeprefix(b"\xef\xbb\xbf"))
        if missing := [column.decode() for column in COLUMNS if column not in header]:
            raise DataError(f"{path} has no column {missing[0]!r} in its first line; it needs emotion, pixels, Usage.")
        positions = [header.index(column) for column in (*COLUMNS, USAGE) if column in header]
        number = 1
        while line := stream.readline(LONGEST_ROW):
            number += 1
            if number > MOST_ROWS:
                raise DataError(f"{path} has more than {MOST_ROWS:,} lines; FER2013 has 35,888. Get it again.")
            if not line.strip():
                continue
            try:
                yield _row(line, positions, len(header))
            except ValueError as wrong:
                raise DataError(f"{path}, line {number:,}: {wrong}. Fix the line or get the file again.") from None


def _fields(line: bytes) -> list[bytes]:
    return [field.strip(b'" \t\r\n') for field in line.split(b",")]


def _row(line: bytes, positions: list[int], columns: int) -> tuple[Array, int, int]:
    """Raises ValueError with a clause that says what is wrong with the line."""
    if len(line) >= LONGEST_ROW:
        raise ValueError(f"it is longer than {LONGEST_ROW:,} bytes")
    fields = _fields(line)
    if len(fields) != columns:
        without = "" if len(positions) == 3 else ", which has no column 'Usage'"
        raise ValueError(f"it has {len(fields)} fields where the first line has {columns}{without}")
    emotion, pixels, *usage = (fields[position] for position in positions)
    if emotion not in EMOTIONS:
        raise ValueError(f"the emotion is {_quoted(emotion)}, but emotions are 0 to 6")
    if usage and usage[0] not in USAGES:
        raise ValueError(f"the Usage is {_quoted(usage[0])}, but it is one of Training, PublicTest, PrivateTest")
    return _pixels(pixels), EMOTIONS[emotion], USAGES[usage[0]] if usage else UNSAID


def _pixels(text: bytes) -> Array:
    """2,304 numbers as uint8, row by row. `np.fromstring` reads them ten times as fast as int(); the two checks before
    it ensure that there are only numbers to read."""
    if text.translate(None, b"0123456789 "):
        strange = next(word for word in text.split(b" ") if word and not word.isdigit())
        raise ValueError(f"{_quoted(strange)} is not a pixel value from 0 to 255")
    if (count := len(text) and text.count(b" ") + 1) != PIXELS and (count := len(text.split())) != PIXELS:
        raise ValueError(f"it has {count:,} pixel values, but {SIDE}x{SIDE} = {PIXELS:,} are needed")
    values = np.fromstring(text, dtype=np.int64, sep=" ")
    if len(values) != PIXELS or values.max() > 255:
        raise ValueError(
            f"it has {len(values):,} pixel values up to {values.max()}, but {PIXELS:,} of 0 to 255 are needed"
        )
    return values.astype(np.uint8)


def _quoted(field: bytes) -> str:
    return repr(field[:30].decode("utf-8", "replace"))
