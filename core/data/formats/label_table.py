"""A table beside images that says their classes: a column of file names, and a column of labels or one per class."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath

from core.data.formats.class_names import cleaned


LABELS = (
    *("label", "labels", "class", "classes", "class_name", "class_label", "classname", "classid", "class_id"),
    *("category", "target", "species", "breed", "emotion", "digit", "letter", "diagnosis", "y"),
)
MOST_BYTES = 50 * 2**20


@dataclass(frozen=True)
class LabelTable:
    path: PurePosixPath
    labels: dict[str, str]
    """{name of a file, with or without its folders and ending: label}."""

    def label_of(self, path: PurePosixPath) -> str | None:
        names = [str(PurePosixPath(*path.parts[start:])) for start in range(len(path.parts))]
        return next((self.labels[name] for name in (*names, path.stem) if name in self.labels), None)


def label_table(path: PurePosixPath, content: bytes, images: Iterable[PurePosixPath]) -> LabelTable | None:
    """None if the table does not name images and one label for each."""
    if len(content) > MOST_BYTES or "submission" in path.stem.lower():
        return None
    try:
        text = content.decode("utf-8-sig")
        dialect = csv.Sniffer().sniff(text[:5000], ",;\t")
        header, *rows = [row for row in csv.reader(io.StringIO(text), dialect) if row]
    except (UnicodeDecodeError, csv.Error, ValueError):
        return None
    columns = list(zip(*(row for row in rows if len(row) == len(header)), strict=True))
    if not columns:
        return None
    known = {name for image in images for name in (image.name, image.stem)}
    hits = [sum(PurePosixPath(_path(value)).name in known for value in column) for column in columns]
    names = columns[hits.index(max(hits))]
    labels = _labels(header, columns, hits.index(max(hits)))
    if max(hits) < len(names) / 2 or labels is None:
        return None
    return LabelTable(path, {_path(name): label for name, label in zip(names, labels, strict=True) if label})


def _path(text: str) -> str:
    return text.strip().replace("\\", "/").removeprefix("./")


def _labels(header: list[str], columns: list[tuple[str, ...]], names: int) -> list[str] | None:
    others = {heading.strip().lower(): place for place, heading in enumerate(header) if place != names}
    usual = [others[heading] for heading in LABELS if heading in others]
    if usual or len(others) == 1:
        return [cleaned(value) for value in columns[(usual or list(others.values()))[0]]]
    return _one_hot([header[place] for place in others.values()], [columns[place] for place in others.values()])


def _one_hot(headings: list[str], columns: list[tuple[str, ...]]) -> list[str] | None:
    rows = [[value.strip() for value in row] for row in zip(*columns, strict=True)]
    ones = [[heading for heading, value in zip(headings, row, strict=True) if value in ("1", "1.0")] for row in rows]
    return [cleaned(it[0]) for it in ones] if columns and all(len(it) == 1 for it in ones) else None
