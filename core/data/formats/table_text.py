"""The text of a table in any dress: encodings, separators, quotes, decimal commas."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.data.dataset import DataError


SEPARATORS = ";\t|,"
"""In this order: where a semicolon separates, a comma is a decimal point."""
LONGEST_LINE = 2**20
NO_TABLES = {
    b"PK\3\4": "a zip or a spreadsheet (.xlsx)",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"\xd0\xcf\x11\xe0": "an old Excel file (.xls)",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a gzip archive",
    b"<": "a web page",
    b"version https://git-lfs": "a Git LFS pointer: run git lfs pull",
    b"\x89HDF": "an HDF5 file",
    b"PAR1": "a Parquet file",
}


@dataclass(frozen=True)
class Line:
    number: int
    """From 1."""
    fields: list[str]
    """Without blanks around them and without quotes."""


def lines_of(content: bytes, name: str) -> Iterator[Line]:
    """The lines that are not empty; numbers have decimal points. Raises DataError."""
    text = _text(content, name)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    first = 0
    separator = None
    if told := re.fullmatch(r'"?sep=(.)"?', lines[0].strip("\ufeff \t")):  # as Excel writes it
        separator, first = told[1], 1
    some = [line for line in lines[first:] if line.strip()][:20]
    separator = separator or _separator(some)
    quoted = '"' in text
    ends_empty = bool(some) and all(line.rstrip(" \r").endswith(separator) for line in some) and separator != " "
    for number, line in enumerate(lines[first:], start=first + 1):
        if not line.strip(" \t" if separator != "\t" else " "):
            continue
        if len(line) > LONGEST_LINE:
            raise DataError(f"{name}, line {number:,}: it is longer than {LONGEST_LINE:,} letters. Is this a table?")
        if quoted and '"' in line:
            fields = next(csv.reader([line], delimiter=separator, skipinitialspace=True))
        else:
            fields = line.split() if separator == " " else line.split(separator)
        if ends_empty and not fields[-1].strip():
            fields.pop()
        if separator != "," and "," in line:
            fields = [field.replace(",", ".") if _DECIMAL.fullmatch(field.strip()) else field for field in fields]
        if " " in line or "\t" in line:
            fields = [field.strip() for field in fields]
        yield Line(number, fields)


_DECIMAL = re.compile(r"[+-]?\d*,\d+([eE][+-]?\d+)?")


def _text(content: bytes, name: str) -> str:
    for mark, words in NO_TABLES.items():
        if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(mark):
            raise DataError(f"{name} is no table, but {words}, and so has no column 'label'. Save the table as .csv.")
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return _decoded(content, encoding, name)
    start = content[:1000]
    if start.count(b"\0") > len(start) / 4:
        return _decoded(content, "utf-16-le" if not start[1:2].strip(b"\0") else "utf-16-be", name)
    if b"\0" in start:
        raise DataError(f"{name} is no table: there are zero bytes in it. Save the table as .csv.")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _decoded(content: bytes, encoding: str, name: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise DataError(
            f"{name} is damaged: it is not the {encoding.upper()} text that it begins as. Save it again."
        ) from None


def _separator(lines: list[str]) -> str:
    """The separator that occurs equally often in most of the first lines."""
    unquoted = [re.sub(r'"[^"]*"', "", line) for line in lines]
    for separator in SEPARATORS:
        counts = [line.count(separator) for line in unquoted]
        if counts and min(counts) > 0 and counts.count(counts[-1]) >= len(counts) / 2:
            return separator
    return "," if any("," in line for line in unquoted) else " "
