"""Uploaded data sets, made from a zip, a folder or a table. Their name depends on their content, so that a run finds
the same images again.

Each is one file, `uploads/<name>.safetensors` in the data folder: images, labels, and a header with what the catalogue
needs. The original files are not stored.
"""

import hashlib
import io
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, Field, NonNegativeInt, PositiveInt
from safetensors import SafetensorError, safe_open

from core import files
from core.data.dataset import DataError, Dataset
from core.data.dataset_info import DataFile, Entry
from core.data.formats.archives import Contents, Member, folder, zipped
from core.data.formats.class_names import cleaned, in_order
from core.data.formats.csv_table import read_table
from core.data.formats.doubts import doubts
from core.data.formats.image_file import ENDINGS, LeftOutError
from core.data.formats.image_folders import Progress, Reading, check_size, read_folders
from core.data.formats.safe_open import unzipped
from core.data.formats.tree import part_named


PREFIX = "own-"
FOLDER = "uploads"
TABLES = (".csv", ".tsv", ".txt")
"""A text inside a zip is no table."""
MOST_KEPT = 4 * 2**30
"""The most bytes of all uploaded sets together."""


def read_upload(
    content: bytes,
    file_name: str,
    side: int,
    channels: int,
    inner: bool = False,
    progress: Progress = lambda done, total: None,
) -> Reading:
    """A .zip of images, or a .csv (whose columns determine the image size). `inner`: the classes are the inner folders
    (see `tree.plan`). Raises DataError."""
    check_size(side, channels)
    label = _label(file_name)
    if not content:
        raise DataError(f"{file_name} is empty. Choose the file again.")
    if file_name.lower().endswith(TABLES) or file_name.lower().endswith(tuple(f"{ending}.gz" for ending in TABLES)):
        content = unzipped(content, file_name)
        dataset, understood = read_table(io.BytesIO(content), label)
        return Reading(dataset, understood, doubts(dataset))
    with zipped(content, file_name) as contents:
        return _read_contents(contents, label, side, channels, inner, progress)


def read_path(
    path: Path,
    side: int,
    channels: int,
    inner: bool = False,
    progress: Progress = lambda done, total: None,
) -> Reading:
    """A folder of images, a .zip or a .csv on this computer. Raises DataError."""
    if path.is_dir():
        return _read_contents(folder(path), _label(path.name), side, channels, inner, progress)
    try:
        return read_upload(path.read_bytes(), path.name, side, channels, inner, progress)
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}. Check the path.") from None
    except ValueError:  # a NUL character
        raise DataError(f"{str(path)[:60]!r} is no path of a file. Check it.") from None


def _read_contents(
    contents: Contents, label: str, side: int, channels: int, inner: bool, progress: Progress
) -> Reading:
    endings = {member.path.suffix.lower() for member in contents.members}
    tables = [
        it
        for it in contents.members
        if it.path.suffix.lower() in TABLES[:2] and "submission" not in it.path.stem.lower()
    ]
    if tables and not endings & {*ENDINGS, ".zip"}:
        return _read_tables(contents, tables, label)
    return read_folders(contents, label, side, channels, inner, progress)


def _read_tables(contents: Contents, tables: list[Member], label: str) -> Reading:
    """The table among those of a zip without images, or a training and a test table. Raises DataError."""
    left_out = dict(contents.left_out)
    if others := [str(member.path) for member in contents.members if member not in tables]:
        left_out["not a table of images"] = others
    found, refusals = {}, {}
    for member in tables:
        try:
            found[member.path] = read_table(io.BytesIO(member.read()), f"{member.path.name} in {label}")
        except (DataError, LeftOutError) as why:
            refusals[str(member.path)] = str(why)
    if refusals:
        left_out["not a table of images with labels"] = list(refusals)
    names = ", ".join(path.name for path in found)
    parts = {part_named(path.stem): table for path, table in found.items()}
    if not found:
        raise DataError(next(iter(refusals.values())))
    if len(found) == 1:
        ((dataset, understood),) = found.values()
    elif len(found) == 2 and set(parts) == {"train", "test"}:
        dataset, understood = _joined(parts["train"][0], parts["test"][0]), (*parts["train"][1], *parts["test"][1])
    else:
        raise DataError(f"{label} has several tables of images ({names}). Upload one of them.")
    said = (f"Read from {names} inside.", *dict.fromkeys(understood))
    return Reading(replace(dataset, label=label), said, doubts(dataset), left_out)


def _joined(train: Dataset, test: Dataset) -> Dataset:
    """The images of two tables as the two parts of one data set. Raises DataError if they do not fit together."""
    if train.shape != test.shape:
        raise DataError(f"{train.label} has tables for training and test with images of different sizes. Upload one.")
    names = in_order((*train.class_names, *test.class_names))
    labels = [np.array([names.index(name) for name in it.class_names])[it.labels] for it in (train, test)]
    seam, end = len(train.labels), len(train.labels) + len(test.labels)
    return Dataset(
        "",
        train.label,
        np.concatenate([train.images, test.images]),
        np.concatenate(labels).astype(np.int64),
        names,
        {"train": range(seam), "test": range(seam, end)},
        train.source,
    )


def inside(data_folder: Path, name: str) -> Path:
    """The path of a file or folder inside the data folder; links that lead outside it are refused. Raises DataError."""
    try:
        path = (data_folder / name).resolve()
        there = path.exists()
    except (OSError, ValueError):  # a name that is too long, or has a NUL character
        raise DataError(f"{name[:60]!r} is no name of a file or folder. Check it.") from None
    if not path.is_relative_to(data_folder.resolve()):
        raise DataError(
            f"{name} is not inside {data_folder}. Put it there, or use the command line: python -m backends data PATH."
        )
    if not there:
        raise DataError(f"There is no {name} in {data_folder}. Put the folder, .zip or .csv there first.")
    return path


def read_inside(data_folder: Path, name: str, side: int, channels: int) -> Reading:
    """Like `read_path`, for a path inside the data folder. Raises DataError."""
    return read_path(inside(data_folder, name), side, channels)


def keep(dataset: Dataset, into: Path) -> str:
    """Stores the data set in the data folder `into` and returns its name; the same images get the same name and are
    stored once. Raises DataError."""
    about = {
        "label": dataset.label,
        "class_names": dataset.class_names,
        "parts": {part: [rows.start, rows.stop] for part, rows in dataset.parts.items()},
        "source": dataset.source,
        "shape": dataset.shape,
        "counts": len(dataset.labels),
    }
    name = f"{PREFIX}{_slug(dataset.label)}-{_digest(dataset)}"
    path = _path(into, name)
    if path.is_file():
        return name
    _check_space(into, dataset)
    _store(path, dataset, about)
    return name


def _store(path: Path, dataset: Dataset, about: dict[str, Any]) -> None:
    try:
        files.save(path, {"images": dataset.images, "labels": dataset.labels}, {"about": json.dumps(about)})
    except (OSError, SafetensorError) as error:
        raise DataError(
            f"{dataset.label} cannot be stored in {path.parent} ({error}). Set CONVSCOPE_DATA to a folder that can be "
            "written to."
        ) from None


def names(data_folder: Path) -> list[str]:
    """The names of the stored data sets, sorted; invalid files are skipped."""
    results = []
    for path in sorted((data_folder / FOLDER).glob(f"{PREFIX}*.safetensors")):
        try:
            describe(path.stem, data_folder)
        except DataError:
            continue
        results.append(path.stem)
    return results


def describe(name: str, data_folder: Path) -> Entry:
    """Raises DataError if the data set is not stored here."""
    path = _path(data_folder, name)
    try:
        stamp = path.stat()
    except OSError:
        raise DataError(
            f"The data set {name!r} was uploaded on another computer. Upload the same images on the Data page: they "
            "get the same name."
        ) from None
    return _entry(path, stamp.st_mtime_ns, stamp.st_size)


def read(entry: Entry, paths: list[Path]) -> Dataset:
    """Raises DataError."""
    path = paths[0]
    about = _about(path)
    with _opened(path) as file:
        if "images" not in file.keys():  # noqa: SIM118 - the file is no dictionary
            raise DataError(f"{path} was kept by ConvScope 0.1. Delete it and upload the images again.")
        try:
            images, labels = (file.get_tensor(part) for part in ("images", "labels"))
        except (SafetensorError, ValueError, TypeError) as error:  # more dimensions than NumPy has, say
            raise DataError(f"{path} is damaged ({error}). Delete it and upload the images again.") from None
    if images.shape[1:] != entry.shape or len(labels) != about["counts"]:
        raise DataError(f"{path} is damaged: its images are not those of its header. Delete it and upload them again.")
    return Dataset(
        name=entry.name,
        label=entry.label,
        images=images,
        labels=labels,
        class_names=entry.class_names,
        parts={part: range(*bounds) for part, bounds in about["parts"].items()},
        source=entry.source,
    )


def rename(name: str, label: str, data_folder: Path) -> None:
    """Gives a stored data set another label; its name, which runs refer to, stays. Raises DataError."""
    path, entry = _path(data_folder, name), describe(name, data_folder)
    dataset = read(entry, [path])
    about = _about(path) | {"label": _tidy(label)}
    _store(path, dataset, about)


def delete(name: str, data_folder: Path) -> None:
    """Raises DataError if the data set is not stored here, or cannot be deleted."""
    path = _path(data_folder, name)
    try:
        path.unlink()
    except OSError as error:
        raise DataError(f"{path} cannot be deleted: {error.strerror or error}.") from None


def with_classes(dataset: Dataset, names: Sequence[str], label: str = "") -> Dataset:
    """The data set with other names of its classes, in their order: classes with the same name become one, and a class
    without a name is left out. Raises DataError if fewer than two classes, or no training images, are left."""
    cleaned_names = [cleaned(name) for name in names]
    classes = in_order(name for name in cleaned_names if name)
    if len(classes) < 2:
        raise DataError("A data set needs at least two classes. Give names to two or more of them.")
    numbers = np.array([classes.index(name) if name else -1 for name in cleaned_names])
    labels = numbers[dataset.labels]
    kept = labels >= 0
    ends = np.concatenate([[0], np.cumsum(kept)]).tolist()
    parts = {part: range(ends[rows.start], ends[rows.stop]) for part, rows in dataset.parts.items()}
    return replace(
        dataset,
        label=_tidy(label) if label.strip() else dataset.label,
        images=dataset.images[kept],
        labels=labels[kept],
        class_names=classes,
        parts={part: rows for part, rows in parts.items() if rows},
    )


@lru_cache(maxsize=256)
def _entry(path: Path, modified: int, size: int) -> Entry:
    about = _about(path)
    label, shape, count = about["label"], about["shape"], about["counts"]
    return Entry(
        name=path.stem,
        label=f"{label} (own)",
        shape=shape,
        class_names=about["class_names"],
        summary=f"Uploaded here: {count:,} images of {len(about['class_names'])} classes, {shape[1]}x{shape[2]}, "
        f"{'in colour' if shape[0] == 3 else 'grey'}.",
        source=about["source"],
        wanted=(DataFile(f"{FOLDER}/{path.name}"),),
        get_it="upload the images again on the Data page",
    )


def _about(path: Path) -> dict[str, Any]:
    try:
        with _opened(path) as file:
            return _About.model_validate_json((file.metadata() or {})["about"]).model_dump()
    except (KeyError, ValueError):  # pydantic's errors are ValueErrors
        raise DataError(f"{path} was not written by ConvScope. Delete it and upload the images again.") from None


class _About(BaseModel):
    label: str
    class_names: tuple[str, ...] = Field(min_length=1)
    parts: dict[str, tuple[NonNegativeInt, NonNegativeInt]]
    source: str
    shape: tuple[PositiveInt, PositiveInt, PositiveInt]
    counts: PositiveInt


def _opened(path: Path) -> safe_open:
    try:
        return safe_open(path, framework="numpy")
    except (SafetensorError, OSError) as error:
        raise DataError(f"{path} is damaged ({error}). Delete it and upload the images again.") from None


def _path(data_folder: Path, name: str) -> Path:
    """The file of a data set. Experiments, and so names, can come from anywhere: only lowercase letters, digits and
    hyphens are allowed."""
    if not re.fullmatch(PREFIX + r"[a-z0-9-]{1,80}", name):
        raise DataError(f"{name!r} is not the name of an uploaded data set.")
    return data_folder / FOLDER / f"{name}.safetensors"


def _check_space(into: Path, dataset: Dataset) -> None:
    kept = sum(path.stat().st_size for path in (into / FOLDER).glob("*.safetensors"))
    if kept + dataset.images.nbytes > MOST_KEPT:
        raise DataError(
            f"The uploaded data sets already use {kept / 2**30:,.1f} GB of the allowed {MOST_KEPT / 2**30:,.0f} GB. "
            f"Delete some from {into / FOLDER}."
        )


def _digest(dataset: Dataset) -> str:
    """Ten hex digits that identify images, labels, classes and parts."""
    checksum = hashlib.sha256(repr((dataset.images.shape, dataset.class_names, dict(dataset.parts))).encode())
    for array in (dataset.images, dataset.labels):
        checksum.update(np.ascontiguousarray(array).tobytes())
    return checksum.hexdigest()[:10]


def _label(file_name: str) -> str:
    """ "My cats.zip" -> "My cats"."""
    return _tidy(re.sub(r"\.(zip|(csv|tsv|txt)(\.gz)?)$", "", Path(file_name).name, flags=re.IGNORECASE))


def _tidy(label: str) -> str:
    return cleaned(label)[:40].strip() or "images"


def _slug(label: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")[:40] or "images"
