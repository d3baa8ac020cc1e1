"""Images in folders: one folder per class, perhaps inside folders train, validation and test."""

import itertools
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import numpy as np

from core.arrays import Array
from core.data.dataset import PARTS, DataError, Dataset
from core.data.formats.archives import MOST_BYTES, MOST_FILES, Contents, Member
from core.data.formats.image_file import ENDINGS, LeftOutError, decoded
from core.random import generator


SIDES = (8, 128)
MOST_CLASSES = 1000
SPLITS = {
    "train": "train",
    "training": "train",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "test": "test",
    "testing": "test",
}
TEST_SHARE = 6
"""Without a test folder, one image in six of each class is for the test."""


@dataclass
class Notes:
    """What was left out or changed, grouped by reason."""

    left_out: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, reason: str, path: PurePosixPath) -> None:
        self.left_out[reason].append(str(path))

    def sentences(self) -> tuple[str, ...]:
        return tuple(_sentence(reason, paths) for reason, paths in self.left_out.items())


@dataclass(frozen=True, eq=False)
class Reading:
    dataset: Dataset
    notes: tuple[str, ...]
    """Sentences about what was left out or changed."""


@dataclass(frozen=True)
class Placed:
    """A file with its part ("" if the folders name none) and its class."""

    member: Member
    part: str
    label: str


def read_folders(contents: Contents, label: str, side: int, channels: int) -> Reading:
    """Raises DataError if the folders do not make a data set."""
    check_size(side, channels)
    notes = Notes()
    placed = _placed(contents, notes)
    _check(placed, label, side, channels)
    images, kept = _images(placed, side, channels, notes)
    names = tuple(sorted({one.label for one in kept}))
    _check_classes(names, label, notes)
    parts, order = _parts(kept, names, label)
    _empty_classes(contents, {one.label for one in placed}, names, notes)
    labels = np.array([names.index(one.label) for one in kept], dtype=np.int64)
    source = f"Images uploaded as {label!r}, cropped to squares and scaled to {side}x{side} by ConvScope."
    dataset = Dataset("", label, np.stack(images)[order], labels[order], names, parts, source)
    return Reading(dataset, notes.sentences())


def check_size(side: int, channels: int) -> None:
    """Raises DataError."""
    low, high = SIDES
    if not isinstance(side, int) or not low <= side <= high:
        raise DataError(f"Images can be scaled to {low} to {high} pixels, not {side}. Choose a width in this range.")
    if channels not in (1, 3):
        raise DataError(f"Images have 1 or 3 channels (grey or colour), not {channels}. Choose 1 or 3.")


def _placed(contents: Contents, notes: Notes) -> list[Placed]:
    files = []
    for member in contents.members:
        if member.path.suffix.lower() in ENDINGS:
            files.append(member)
        else:
            notes.add("not an image", member.path)
    skip = _wrapper([member.path for member in files])
    split = _has_splits([member.path.parts[skip:] for member in files])
    placed = []
    for member in files:
        *folders, _ = member.path.parts[skip:]
        if len(folders) < 1 + split:
            notes.add("not in a folder named after its class", member.path)
        else:
            placed.append(Placed(member, SPLITS[folders[0].lower()] if split else "", folders[split]))
    return placed


def _wrapper(paths: list[PurePosixPath]) -> int:
    """How many folders contain everything without naming a class: "animals" in animals/cat/1.png, animals/dog/2.png."""
    skip = 0
    while paths and all(len(path.parts) > skip + 2 for path in paths):
        outer = {path.parts[skip] for path in paths}
        if len(outer) > 1 or outer.pop().lower() in SPLITS:
            break
        skip += 1
    return skip


def _has_splits(paths: list[tuple[str, ...]]) -> bool:
    """Whether every image in a folder is in one named train, test or the like."""
    outer = {path[0].lower() for path in paths if len(path) > 1}
    return bool(outer) and outer <= set(SPLITS) and any(len(path) > 2 for path in paths)


def _check(placed: list[Placed], label: str, side: int, channels: int) -> None:
    if not placed:
        raise DataError(
            f"{label} has no images in folders. Put the images of each class into a folder with its name, for example "
            "cat/1.png and dog/1.png, and pack these folders."
        )
    if len(placed) > MOST_FILES:
        raise DataError(f"{label} has {len(placed):,} images, more than {MOST_FILES:,}. Use fewer.")
    if len(placed) * channels * side * side > MOST_BYTES // 4:
        raise DataError(
            f"{len(placed):,} images of {side}x{side} need too much memory. Make them smaller, or use fewer."
        )


def _images(placed: list[Placed], side: int, channels: int, notes: Notes) -> tuple[list[Array], list[Placed]]:
    """The readable images, and their files."""
    images, kept, read = [], [], 0
    for one in sorted(placed, key=lambda one: one.member.path):
        try:
            content = one.member.read()
            read += len(content)
            if read > MOST_BYTES:
                raise DataError(f"The images are more than {MOST_BYTES // 2**30} GB. Use fewer or smaller ones.")
            image, remarks = decoded(content, side, channels)
        except LeftOutError as why:
            notes.add(str(why), one.member.path)
            continue
        for remark in remarks:
            notes.add(remark, one.member.path)
        images.append(image)
        kept.append(one)
    return images, kept


def _check_classes(names: tuple[str, ...], label: str, notes: Notes) -> None:
    why = " ".join(notes.sentences()[:3])
    if not names:
        raise DataError(f"{label} has no readable images. {why}".strip())
    if len(names) < 2:
        raise DataError(
            f"{label} has images of only one class ({names[0]}), so there is nothing to distinguish. Put the images of "
            f"another class into a folder beside it. {why}".strip()
        )
    if len(names) > MOST_CLASSES:
        raise DataError(
            f"{label} has {len(names):,} folders, each of which is a class; at most {MOST_CLASSES:,} are allowed."
        )


def _parts(kept: list[Placed], names: tuple[str, ...], label: str) -> tuple[dict[str, range], Array]:
    """The ranges of the parts, and the order of the images in them: shuffled, always in the same way for the same
    images, so that the last ones are from every class."""
    part_of = [one.part for one in kept]
    # The names of a seed never change, or every data set of before would be split differently.
    mixed = generator(0, "uploaded pictures", len(kept)).permutation(len(kept))
    if not any(part_of):
        counts: Counter[str] = Counter()
        sizes = Counter(one.label for one in kept)
        for position in mixed:
            class_ = kept[position].label
            counts[class_] += 1
            part_of[position] = "test" if counts[class_] <= sizes[class_] // TEST_SHARE else "train"
    if "train" not in part_of:
        raise DataError(f"{label} has test images, but none in a folder 'train'. Add some.")
    order = [position for part in PARTS for position in mixed if part_of[position] == part]
    ends = np.cumsum([0, *(part_of.count(part) for part in PARTS)]).tolist()
    ranges = {part: range(*bounds) for part, bounds in zip(PARTS, itertools.pairwise(ends), strict=True)}
    return {part: rows for part, rows in ranges.items() if rows}, np.array(order)


def _empty_classes(contents: Contents, tried: set[str], names: tuple[str, ...], notes: Notes) -> None:
    """Notes the folders of classes without usable images."""
    inner = {path for path in contents.folders if not any(path in other.parents for other in contents.folders)}
    with_files = {parent for member in contents.members for parent in member.path.parents}
    for path in sorted(inner - with_files):
        notes.add("empty folders", path)
    for label in sorted(tried - set(names)):
        notes.add("classes without a readable image", PurePosixPath(label))


def _sentence(reason: str, paths: list[str]) -> str:
    shown = ", ".join(path if len(path) <= 60 else "…" + path[-57:] for path in paths[:3])
    shown += f" and {len(paths) - 3:,} more" if len(paths) > 3 else ""
    if ":" in reason:
        return f"{len(paths):,} {'image' if len(paths) == 1 else 'images'} {reason} ({shown})."
    return f"Left out, {reason}: {shown}."
