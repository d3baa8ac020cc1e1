"""Images in folders: one folder per class, perhaps inside folders train, validation and test."""

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import numpy as np

from core.arrays import Array
from core.data.dataset import PARTS, DataError, Dataset
from core.data.formats.archives import MOST_BYTES, Contents, Member
from core.data.formats.class_names import in_order
from core.data.formats.doubts import doubts
from core.data.formats.image_file import ENDINGS, Ground, Kind, LeftOutError, RawImage, levels_for, measured
from core.data.formats.known_sets import known_set
from core.data.formats.label_table import LabelTable, label_table
from core.data.formats.levels import Levels
from core.data.formats.tree import NO_CLASS, Placed, Plan, plan
from core.random import generator


SIDES = (8, 128)
MOST_CLASSES = 1000
TEST_SHARE = 6
"""Without a test folder, one image in six of each class is for the test."""
OTHER_ENDINGS = {
    ".heic": "HEIC photos, which ConvScope cannot read: save them as JPEG",
    ".heif": "HEIC photos, which ConvScope cannot read: save them as JPEG",
    ".avif": "AVIF photos, which ConvScope cannot read: save them as JPEG",
    ".zip": "not an image but a zip: unpack it first",
}

Progress = Callable[[int, int], None]
"""Called with (images done, images in all)."""


@dataclass
class Notes:
    """What was left out or changed, grouped by reason."""

    left_out: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    changed: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def leave(self, reason: str, path: PurePosixPath) -> None:
        self.left_out[reason].append(str(path))

    def change(self, reason: str, path: PurePosixPath) -> None:
        self.changed[reason].append(str(path))

    def left_out_sentences(self) -> tuple[str, ...]:
        return tuple(f"Left out, {reason}: {_shown(paths)}." for reason, paths in self.left_out.items())

    def change_sentences(self) -> tuple[str, ...]:
        return tuple(
            f"{len(paths):,} {'image' if len(paths) == 1 else 'images'} {reason} ({_shown(paths)})."
            for reason, paths in self.changed.items()
        )


@dataclass(frozen=True, eq=False)
class Reading:
    dataset: Dataset
    understood: tuple[str, ...] = ()
    """Sentences: how the files were understood, and what was changed in them."""
    warnings: tuple[str, ...] = ()
    """Sentences about what is doubtful in the result."""
    left_out: dict[str, list[str]] = field(default_factory=dict)
    """Reason -> files."""
    ambiguous: bool = False
    """Whether the folders inside the classes could be the classes just as well."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What was left out, understood and changed, as sentences."""
        return (*Notes(self.left_out).left_out_sentences(), *self.understood)

    @property
    def remarks(self) -> tuple[str, ...]:
        """Everything but what was left out."""
        return (*self.understood, *self.warnings)


def read_folders(
    contents: Contents,
    label: str,
    side: int,
    channels: int,
    inner: bool = False,
    progress: Progress = lambda done, total: None,
) -> Reading:
    """`inner`: see `plan`. Raises DataError if the folders do not make a data set."""
    check_size(side, channels)
    notes = Notes(defaultdict(list, contents.left_out))
    understood, members = _understood(contents, label, inner, notes)
    _check(understood, label, side, channels, notes)
    raw_images, kept = _raw_images(understood.placed, members, side, channels, notes, progress)
    names = in_order(one.label for one in kept)
    _check_classes(names, label, notes)
    images = np.stack(_levelled(raw_images, kept, notes))
    parts, order = _parts(kept, label)
    _empty_classes(contents, {one.label for one in understood.placed}, names, notes)
    numbers = {name: number for number, name in enumerate(names)}
    labels = np.array([numbers[one.label] for one in kept], dtype=np.int64)
    source = f"Images uploaded as {label!r}, cropped to squares and scaled to {side}x{side} by ConvScope."
    dataset = Dataset("", label, images[order], labels[order], names, parts, source)
    changed = (*understood.remarks, *notes.change_sentences(), *filter(None, [known_set(dataset)]))
    return Reading(dataset, changed, doubts(dataset), dict(notes.left_out), understood.ambiguous)


def check_size(side: int, channels: int) -> None:
    """Raises DataError."""
    low, high = SIDES
    if not isinstance(side, int) or not low <= side <= high:
        raise DataError(f"Images can be scaled to {low} to {high} pixels, not {side}. Choose a width in this range.")
    if channels not in (1, 3):
        raise DataError(f"Images have 1 or 3 channels (grey or colour), not {channels}. Choose 1 or 3.")


def _understood(contents: Contents, label: str, inner: bool, notes: Notes) -> tuple[Plan, dict[PurePosixPath, Member]]:
    """The plan, and the images by path; notes the files that are no images."""
    members = {member.path: member for member in contents.members if member.path.suffix.lower() in ENDINGS}
    tables = []
    for member in contents.members:
        if member.path in members:
            continue
        table = _table(member, members) if member.path.suffix.lower() == ".csv" else None
        if table:
            tables.append(table)
        else:
            notes.leave(OTHER_ENDINGS.get(member.path.suffix.lower(), "not an image"), member.path)
    understood = plan(members, label, tables, inner)
    for reason, paths in understood.left_out.items():
        for path in paths:
            notes.leave(reason, path)
    return understood, members


def _table(member: Member, images: dict[PurePosixPath, Member]) -> LabelTable | None:
    try:
        return label_table(member.path, member.read(), images)
    except LeftOutError:
        return None


def _check(understood: Plan, label: str, side: int, channels: int, notes: Notes) -> None:
    placed = understood.placed
    if not placed and (
        inside := [path for reason in OTHER_ENDINGS.values() for path in notes.left_out.get(reason, ())]
    ):
        raise DataError(
            f"{label} has no images that can be used, but {_shown(inside)}. "
            + ("Upload one of them, or unpack them" if inside[0].endswith(".zip") else "Save them as JPEG or PNG")
            + " and pack the folders of the classes into one .zip."
        )
    if not placed:
        raise DataError(
            f"{label} has no images in folders. Put the images of each class into a folder with its name, for example "
            "cat/1.png and dog/1.png, and pack all these folders into one .zip. The class can also stand in the names "
            f"of the images, cat.1.png, or in a .csv beside them. {_why(notes)}".strip()
        )
    if len(placed) * channels * side * side > MOST_BYTES // 4:
        raise DataError(
            f"{len(placed):,} images of {side}x{side} need too much memory. Make them smaller, or use fewer."
        )


def _raw_images(
    placed: tuple[Placed, ...],
    members: dict[PurePosixPath, Member],
    side: int,
    channels: int,
    notes: Notes,
    progress: Progress,
) -> tuple[list[RawImage], list[Placed]]:
    """The readable images, all on the same background, and where they belong."""
    raw_images, kept, read = [], [], 0
    for number, one in enumerate(placed):
        if number % 100 == 0:
            progress(number, len(placed))
        try:
            content = members[one.path].read()
            read += len(content)
            if read > MOST_BYTES:
                raise DataError(f"The images are more than {MOST_BYTES // 2**30} GB. Use fewer or smaller ones.")
            raw_images.append(measured(content, side, channels))
        except LeftOutError as why:
            notes.leave(str(why), one.path)
        else:
            kept.append(one)
    ground = _ground(raw_images)
    for place, raw in enumerate(raw_images):
        if ground != "white" and any("transparent" in remark for remark in raw.remarks):
            raw_images[place] = measured(members[kept[place].path].read(), side, channels, ground)
        for remark in raw_images[place].remarks:
            notes.change(remark, kept[place].path)
    return raw_images, kept


def _ground(raw_images: list[RawImage]) -> Ground:
    """The background of transparent images on which all of them can be seen."""
    blank = {ground for raw in raw_images for ground in raw.blank_on}
    return "white" if "white" not in blank else "black" if "black" not in blank else "grey"


def _levelled(raw_images: list[RawImage], kept: list[Placed], notes: Notes) -> list[Array]:
    """uint8 images: values of other than 8 bits, or of a few levels, are stretched by the range of all such images."""
    all_dark = all(raw.unlevelled for raw in raw_images if raw.kind == "bytes")
    kinds: dict[Kind, list[int]] = defaultdict(list)
    for place, raw in enumerate(raw_images):
        if raw.unlevelled:
            kinds[raw.kind].append(place)
    images = [raw.values for raw in raw_images]
    for kind, places in kinds.items():
        some = [raw_images[place] for place in places]
        levels = Levels(0, 255)
        if kind != "bytes" or all_dark:
            low, high = min(it.low for it in some), max(it.high for it in some)
            levels = levels_for(kind, low, high, all(it.whole for it in some))
        for place in places:
            images[place] = levels.applied(images[place])
            if levels.remark:
                notes.change(levels.remark, kept[place].path)
    return images


def _check_classes(names: tuple[str, ...], label: str, notes: Notes) -> None:
    if not names:
        raise DataError(f"{label} has no readable images. {_why(notes)}".strip())
    if len(names) < 2:
        raise DataError(
            f"{label} has images of only one class ({names[0]}), so there is nothing to distinguish. Put the images of "
            f"another class into a folder beside it. {_why(notes)}".strip()
        )
    if len(names) > MOST_CLASSES:
        raise DataError(
            f"{label} has {len(names):,} folders, each of which is a class; at most {MOST_CLASSES:,} are allowed."
        )


def _parts(kept: list[Placed], label: str) -> tuple[dict[str, range], Array]:
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
        notes.leave("empty folders", path)
    for label in sorted(tried - set(names)):
        notes.leave("classes without a readable image", PurePosixPath(label))


def _why(notes: Notes) -> str:
    return " ".join(sentence for sentence in notes.left_out_sentences() if NO_CLASS not in sentence)[:250]


def _shown(paths: list[str]) -> str:
    shown = ", ".join(path if len(path) <= 60 else "…" + path[-57:] for path in paths[:3])
    return shown + (f" and {len(paths) - 3:,} more" if len(paths) > 3 else "")
