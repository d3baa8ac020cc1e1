"""The data sets by name: what they are, whether their files are here, loading and downloading."""

import difflib
import os
import threading
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from core.data.dataset import DataError, Dataset
from core.data.dataset_info import Entry
from core.data.formats import csv_table
from core.data.formats.downloads import Progress, fetch
from core.data.sources import (
    cifar10,
    digits,
    faces,
    fer2013,
    fer_plus,
    mnist,
    points,
    screening,
    skylines,
    street_digits,
    svhn,
    svhn_boxes,
    uploads,
    usps,
)


Reader = Callable[[Entry, list[Path]], Dataset]
SOURCES: dict[str, tuple[Entry, Reader]] = {
    **{entry.name: (entry, digits.read) for entry in digits.ENTRIES},
    screening.ENTRY.name: (screening.ENTRY, screening.read),
    "mnist": (mnist.ENTRY, mnist.read),
    "mnist-16x16": (mnist.SHRUNK, mnist.read),
    "svhn": (svhn.ENTRY, svhn.read),
    "fer2013": (fer2013.ENTRY, fer2013.read),
    "cifar10": (cifar10.ENTRY, cifar10.read),
    "usps": (usps.ENTRY, usps.read),
    "kaggle-digits": (csv_table.ENTRY, csv_table.read),
    "street-digits": (street_digits.ENTRY, street_digits.read),
    "faces": (faces.ENTRY, faces.read),
    skylines.ENTRY.name: (skylines.ENTRY, skylines.read),
    **{entry.name: (entry, points.read) for entry in points.ENTRIES},
}
IF_HERE: dict[str, tuple[Entry, Reader]] = {
    "svhn-extra": (svhn.EXTRA, svhn.read),
    "svhn-boxes": (svhn_boxes.ENTRY, svhn_boxes.read),
    "fer-plus": (fer_plus.ENTRY, fer_plus.read),
}
"""Listed only where their files are: large ones, and other forms of the sets above."""
_loading = threading.Lock()


def names() -> list[str]:
    """The built-in data sets, then the uploaded ones."""
    here = [name for name in IF_HERE if not missing(name)]
    return [*SOURCES, *here, *uploads.names(data_folder())]


def describe(name: str) -> Entry:
    """Raises DataError for an unknown name; the message lists the known ones."""
    return _source(name)[0]


def data_folder() -> Path:
    """CONVSCOPE_DATA, else a folder in the user's cache. It contains mnist/, svhn/, fer2013/ … with the original file
    names, and uploads/."""
    if chosen := os.environ.get("CONVSCOPE_DATA"):
        return Path(chosen).expanduser()
    import pooch  # imported here because only this line needs it

    return Path(pooch.os_cache("convscope")) / "data"


def missing(name: str) -> str | None:
    """None if the data set can be loaded now; else a sentence: which files, from where, into which folder."""
    entry, folder = describe(name), data_folder()
    absent = [file for file in entry.wanted if not file.optional and not file.find(folder)]
    if not absent:
        return None
    files = ", ".join(Path(file.path).name for file in absent)
    target = (folder / absent[0].path).parent
    by_hand = f"{entry.get_it}, and put the file{'' if len(absent) == 1 else 's'} into {target}"
    if entry.downloadable:
        size = sum(file.size for file in absent) / 1e6
        return f"{entry.label} is not here: {files} missing. ConvScope can download {size:,.0f} MB, or {by_hand}."
    return f"{entry.label} is not here: {files} missing. To use it, {by_hand}."


def keep(dataset: Dataset) -> str:
    """Stores an uploaded data set and returns its name, which depends on its content. Raises DataError."""
    return uploads.keep(dataset, data_folder())


def own_names() -> list[str]:
    """The uploaded data sets."""
    return uploads.names(data_folder())


def rename(name: str, label: str) -> None:
    """Gives an uploaded data set another label. Raises DataError."""
    uploads.rename(name, label, data_folder())


def delete(name: str) -> None:
    """Deletes an uploaded data set. Raises DataError."""
    uploads.delete(name, data_folder())


def load(name: str) -> Dataset:
    """The data set; every caller gets the same read-only object until a file changes. Raises DataError."""
    entry, folder = describe(name), data_folder()
    if sentence := missing(name):
        raise DataError(sentence)
    paths = [path for file in entry.wanted if (path := file.find(folder))]
    with _loading:  # when a whole class opens the same page, the file is parsed once
        return _load(name, tuple(_stamp(path) for path in paths))


def download(name: str, progress: Progress | None = None) -> None:
    """Downloads missing files into data_folder(); `progress(done, total)` in bytes, else a bar in the terminal.

    Existing files are not replaced: delete a damaged one first. Raises DataError.
    """
    entry, folder = describe(name), data_folder()
    sentence = missing(name)
    if sentence is None:
        return
    if not entry.downloadable:
        raise DataError(sentence)
    fetch(list(entry.wanted), folder, progress)


@lru_cache(maxsize=8)
def _load(name: str, stamps: tuple[tuple[Path, int, int], ...]) -> Dataset:
    entry, read = _source(name)
    return read(entry, [path for path, _, _ in stamps])


def _stamp(path: Path) -> tuple[Path, int, int]:
    """Path, modification time and size: a cache key that changes with the file."""
    try:
        stat = path.stat()
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}.") from None
    return path, stat.st_mtime_ns, stat.st_size


def _source(name: str) -> tuple[Entry, Reader]:
    if name in SOURCES or name in IF_HERE:
        return SOURCES.get(name) or IF_HERE[name]
    if str(name).startswith(uploads.PREFIX):
        return uploads.describe(name, data_folder()), uploads.read
    close = difflib.get_close_matches(str(name), SOURCES, n=1)
    guess = f" Did you mean {close[0]!r}?" if close else ""
    raise DataError(f"There is no data set called {name!r}. Choose one of {', '.join(SOURCES)}.{guess}")
