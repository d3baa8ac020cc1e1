"""FER+: FER2013's faces with other labels, by the votes of ten people for each face."""

import csv
import io
from dataclasses import replace
from pathlib import Path

import numpy as np

from core.arrays import Array
from core.data.dataset import DataError, Dataset
from core.data.dataset_info import DataFile, Entry
from core.data.formats.safe_open import at_most, opened
from core.data.sources import fer2013


MOST_BYTES = 16 * 2**20
EMOTIONS = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt")
NO_EMOTIONS = ("unknown", "NF")
"""Votes for none of the emotions, and for "this is no face"."""

ENTRY = replace(
    fer2013.ENTRY,
    name="fer-plus",
    label="FER+",
    class_names=EMOTIONS,
    summary="FER2013's faces with the expression that most of ten people saw; faces without a majority are left out.",
    source="FER+ by Barsoum, Zhang, Canton Ferrer and Zhang 2016, labels for FER2013; for research.",
    wanted=(*fer2013.ENTRY.wanted, DataFile("fer2013/fer2013new.csv", ("fer2013/FERPlus/fer2013new.csv",))),
    get_it=f"{fer2013.ENTRY.get_it}, and the labels fer2013new.csv from https://github.com/microsoft/FERPlus",
)


def read(entry: Entry, paths: list[Path]) -> Dataset:
    """`paths`: the faces, and the votes in the same order. Raises DataError."""
    images, _, usages = fer2013.faces(paths[0])
    votes = _votes(paths[1])
    if len(votes) != len(images):
        raise DataError(
            f"{paths[1]} has votes for {len(votes):,} faces, but {paths[0].name} has {len(images):,}. They belong "
            "together row by row: get both files in full."
        )
    most = votes.max(axis=1)
    clear = (votes == most[:, None]).sum(axis=1) == 1
    labels = votes.argmax(axis=1)
    kept = clear & (labels < len(EMOTIONS))
    if not kept.any():
        raise DataError(f"{paths[1]} has no face with a majority for an emotion. Get it again.")
    return fer2013.grouped(entry, paths[0], images[kept], labels[kept], usages[kept])


def _votes(path: Path) -> Array:
    """(N, 10) votes for the emotions, then for none of them. Raises DataError with the number of the invalid line."""
    with opened(path) as stream:
        text = bytes(at_most(stream, MOST_BYTES)).decode("utf-8-sig", "replace")
    reader = csv.reader(io.StringIO(text))
    header = [name.strip() for name in next(reader, [])]
    if missing := [name for name in (*EMOTIONS, *NO_EMOTIONS) if name not in header]:
        raise DataError(f"{path} has no column {missing[0]!r} in its first line. Get it again.")
    columns = [header.index(name) for name in (*EMOTIONS, *NO_EMOTIONS)]
    rows = []
    for row in filter(None, reader):
        try:
            rows.append([int(row[column]) for column in columns])
        except (ValueError, IndexError):
            raise DataError(f"{path}, line {reader.line_num:,}: the votes are not ten whole numbers.") from None
    return np.array(rows).reshape(-1, len(columns))
