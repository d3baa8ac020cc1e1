"""What the columns of a table of images are: labels, parts, pixels in their order, and others that are left out."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from core.data.dataset import DataError


LABELS = (
    *("label", "labels", "class", "classes", "class_label", "class_name", "classname", "class_id", "classid"),
    *("target", "targets", "category", "digit", "letter", "emotion", "character", "symbol", "species", "y", "answer"),
)
INDICES = {"", "index", "idx", "id", "row", "rowid", "row_id", "rownames", "#", "image_id", "imageid"}
NAMES = {"file", "filename", "file_name", "path", "name", "image_name", "url"}
PARTS = {"usage", "split", "set", "subset", "partition", "part", "dataset"}
ONE_HOT = re.compile(r"(?:label|labels|class|target|category|digit|letter|y|is)[\s_.\-:=\[(]*(.+?)[\])]?")
MOST_SIDE = 128
KEPT = 2000
"""Rows that are looked at to find out what the columns of a table without names are."""


@dataclass(frozen=True)
class Columns:
    labels: tuple[int, ...]
    """One column, or one per class of which one is 1."""
    pixels: tuple[int, ...]
    """Row by row, for each pixel its channels, or one channel after the other."""
    shape: tuple[int, int, int]
    """(C, H, W)."""
    planar: bool | None = None
    """Whether one channel follows another; None if the table does not say it."""
    part: int | None = None
    class_names: tuple[str, ...] = ()
    """Of columns of one class each."""
    remarks: tuple[str, ...] = field(default=())


def is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text)) and "_" not in text
    except ValueError:
        return False


def has_names(first: Sequence[str], second: Sequence[str]) -> bool:
    """Whether the first line has names, not values."""
    words = [place for place, text in enumerate(first) if not is_number(text)]
    if not words:
        return len(first) > 2 and _counts_up(first)
    if len(words) == 1 and words[0] in (0, 1, len(first) - 1):
        alone = first[words[0]].lower()
        others = [text for place, text in enumerate(first) if place != words[0]]
        return alone in LABELS or alone in INDICES or _counts_up(others) or is_number(second[words[0]])
    return True


def _counts_up(texts: Sequence[str]) -> bool:
    """0, 1, 2, … or 1, 2, 3, …: the names that pandas gives to columns."""
    return all(text.isdecimal() for text in texts) and [int(text) for text in texts] in (
        list(range(len(texts))),
        list(range(1, len(texts) + 1)),
    )


# --- with names -------------------------------------------------------------------------------------------------------


def named_columns(names: Sequence[str], first: Sequence[str], table: str) -> Columns:
    """`first`: the first row of values. Raises DataError."""
    lowered = [name.strip().lower() for name in names]
    remarks: list[str] = []
    left = list(range(len(names)))
    if len(names) > 2 and _counts_up(lowered):  # names of pandas: nothing is known
        raise DataError(
            f"{table} has only numbers as names in its first line, so which column is the label is not known. Call "
            "that column 'label'."
        )
    labels, class_names = _label_columns(lowered, names)
    left = [place for place in left if place not in labels]
    part = next((place for place in left if lowered[place] in PARTS), None)
    dropped = [place for place in left if _is_index(lowered[place]) or lowered[place] in NAMES or place == part]
    words = [place for place in left if place not in dropped and not is_number(first[place]) and first[place]]
    if not labels:
        labels = _odd_one(lowered, [place for place in left if place not in dropped], words)
        if labels:
            remarks.append(f"The column {names[labels[0]]!r} was taken as the label.")
    if not labels:
        raise DataError(
            f"{table} has no column 'label' in its first line ({_shown(names)}). A table needs one, and one column per "
            "pixel: label,pixel0,pixel1,… (Kaggle's test.csv has no labels: use train.csv.)"
        )
    dropped += [place for place in words if place not in labels]
    if others := [names[place] or "(without a name)" for place in dropped if place != part]:
        remarks.append(f"Columns that are no pixels were left out: {_shown(others)}.")
    pixels = [place for place in left if place not in dropped and place not in labels]
    ordered = _in_order(pixels, lowered)
    if ordered != pixels:
        remarks.append("The columns of pixels were put in the order of the numbers in their names.")
    by_channel = _channels(ordered, lowered)
    shape = _shape(len(ordered), [lowered[place] for place in ordered], table)
    if by_channel and shape[0] == 3:
        return Columns(labels, by_channel, shape, True, part, class_names, tuple(remarks))
    return Columns(labels, tuple(ordered), shape, None, part, class_names, tuple(remarks))


def _is_index(name: str) -> bool:
    return name in INDICES or bool(re.fullmatch(r"unnamed: ?\d+(_level_\d+)?", name))


def _label_columns(lowered: Sequence[str], names: Sequence[str]) -> tuple[tuple[int, ...], tuple[str, ...]]:
    for name in LABELS:
        if name in lowered:
            return (lowered.index(name),), ()
    several = {
        place: match[1] for place, name in enumerate(names) if (match := ONE_HOT.fullmatch(name.strip().lower()))
    }
    if 2 <= len(several) < len(names) / 2:
        return tuple(several), tuple(names[place].strip()[-len(word) :] for place, word in several.items())
    return (), ()


def _odd_one(lowered: Sequence[str], places: list[int], words: list[int]) -> tuple[int, ...]:
    """The only column of words, or the only one whose name is unlike those of the others."""
    if len(words) == 1:
        return tuple(words)
    patterns = {place: re.sub(r"\d+", "0", lowered[place]) for place in places}
    usual, often = Counter(patterns.values()).most_common(1)[0] if patterns else ("", 0)
    odd = [place for place, pattern in patterns.items() if pattern != usual]
    return tuple(odd) if len(odd) == 1 and often > 3 and squared(often) else ()


def _in_order(pixels: list[int], lowered: Sequence[str]) -> list[int]:
    """By the only number in their names, if these are 0, 1, 2, … or 1, 2, 3, … with the same word in front: programs
    write pixel10 before pixel2."""
    matches = {place: re.fullmatch(r"(\D*)(\d+)(\D*)", lowered[place]) for place in pixels}
    found = {place: match for place, match in matches.items() if match}
    if len(found) < len(pixels) or len({(match[1], match[3]) for match in found.values()}) > 1:
        return pixels
    numbers = {place: int(match[2]) for place, match in found.items()}
    ordered = sorted(pixels, key=numbers.__getitem__)
    steps = [numbers[place] - numbers[ordered[0]] for place in ordered]
    return ordered if steps == list(range(len(ordered))) else pixels


def _channels(ordered: list[int], lowered: Sequence[str]) -> tuple[int, ...]:
    """All red columns, then green, then blue, if the names say so."""
    channels = {place: re.findall(r"(?<![a-z])(r|g|b|red|green|blue)(?![a-z])", lowered[place]) for place in ordered}
    if not all(len(found) == 1 for found in channels.values()):
        return ()
    planes = [[place for place in ordered if channels[place][0][0] == letter] for letter in "rgb"]
    return tuple(place for plane in planes for place in plane) if len({len(plane) for plane in planes}) == 1 else ()


def _shape(count: int, names: Sequence[str], table: str) -> tuple[int, int, int]:
    """(C, H, W) by the names, 1x1 to 28x28, or else a square of one or of three channels."""
    pairs = [re.findall(r"\d+", name) for name in names]
    if pairs and all(len(pair) == 2 for pair in pairs):
        sizes = [len({int(pair[axis]) for pair in pairs}) for axis in (0, 1)]
        if math.prod(sizes) == count and max(sizes) <= MOST_SIDE and min(sizes) > 1:
            return (1, sizes[0], sizes[1])
    if shape := squared(count):
        return shape
    raise DataError(
        f"{table} has {count:,} columns of pixels, which do not make a square of at most {MOST_SIDE}x{MOST_SIDE}, in "
        "grey or with three colours; 28x28 images have 784. Are there columns that are no pixels? Take them out."
    )


def squared(count: int) -> tuple[int, int, int] | None:
    for channels in (1, 3):
        side = math.isqrt(count // channels)
        if side * side * channels == count and 1 <= side <= MOST_SIDE:
            return (channels, side, side)
    return None


# --- without names ----------------------------------------------------------------------------------------------------


def guessed_columns(rows: Sequence[Sequence[str]], table: str) -> Columns:
    """Of a table without names, from its first rows: what makes a square with what looks like labels. Raises
    DataError."""
    width = len(rows[0])
    options = []
    for skipped in (0, 1):
        if skipped and not _is_count([row[0] for row in rows]):
            continue
        shape = squared(width - 1 - skipped)
        if shape:
            options += [(skipped, place, shape) for place in (skipped, width - 1)]
    for seems_label in (_words, _contiguous, _few):
        found = [option for option in options if seems_label([row[option[1]] for row in rows])]
        if len(found) == 1:
            return _columns(width, *found[0])
        if found:
            break
    if hot := _one_hot(rows):
        return hot
    if not options:
        raise DataError(
            f"{table} has no first line with names, and {width:,} columns, which are not a label and the pixels of a "
            f"square of at most {MOST_SIDE}x{MOST_SIDE}; 28x28 images and a label have 785. Write the names into the "
            "first line: label,pixel0,pixel1,…"
        )
    raise DataError(
        f"{table} has no first line with names, and neither its first nor its last column is clearly the label. Write "
        "the names into the first line: label,pixel0,pixel1,… or pixel0,pixel1,…,label."
    )


def _columns(width: int, skipped: int, label: int, shape: tuple[int, int, int]) -> Columns:
    pixels = tuple(place for place in range(skipped, width) if place != label)
    which = "last" if label == width - 1 else "second" if skipped else "first"
    remarks = [f"There is no first line with names: the {which} column was taken as the label."]
    if skipped:
        remarks.append("The first column counts the rows; it was left out.")
    return Columns((label,), pixels, shape, remarks=tuple(remarks))


def _is_count(column: Sequence[str]) -> bool:
    if len(column) < 3 or not all(text.isdecimal() for text in column):
        return False
    numbers = [int(text) for text in column]
    return numbers[0] in (0, 1) and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _words(column: Sequence[str]) -> bool:
    return all(text and not is_number(text) for text in column)


def _whole(column: Sequence[str]) -> list[int] | None:
    numbers = [float(text) if is_number(text) else math.nan for text in column]
    return [int(number) for number in numbers] if all(number == number // 1 for number in numbers) else None


def _contiguous(column: Sequence[str]) -> bool:
    """Whether the values are 0 to K or 1 to K, most of them more than once."""
    numbers = _whole(column)
    if numbers is None:
        return False
    different = set(numbers)
    few = 2 <= len(different) <= max(len(numbers) / 2, 2)
    return few and min(different) in (0, 1) and max(different) - min(different) == len(different) - 1


def _few(column: Sequence[str]) -> bool:
    numbers = _whole(column)
    return numbers is not None and 2 <= len(set(numbers)) <= len(numbers) / 3


def _one_hot(rows: Sequence[Sequence[str]]) -> Columns | None:
    """Several columns in front or at the end of which exactly one is 1 in each row."""
    width = len(rows[0])
    for classes in range(2, min(width // 2, 200)):
        if (shape := squared(width - classes)) is None:
            continue
        for labels in (range(classes), range(width - classes, width)):
            chosen = [[row[place] for place in labels] for row in rows]
            hot = all(sorted(map(_number, row)) == [0.0] * (classes - 1) + [1.0] for row in chosen)
            if hot and all(any(_number(row[place]) == 1 for row in chosen) for place in range(classes)):
                pixels = tuple(place for place in range(width) if place not in labels)
                where = "first" if labels[0] == 0 else "last"
                names = tuple(map(str, range(classes)))
                remark = (
                    f"There is no first line with names: the {where} {classes} columns were taken as the classes 0 to "
                    f"{classes - 1}."
                )
                return Columns(tuple(labels), pixels, shape, class_names=names, remarks=(remark,))
    return None


def _number(text: str) -> float:
    return float(text) if is_number(text) else math.nan


def _shown(names: Sequence[str]) -> str:
    shown = [repr(name if len(name) <= 20 else name[:19] + "…") for name in names[:4]]
    return ", ".join(shown) + (f" and {len(names) - 4:,} more" if len(names) > 4 else "")
