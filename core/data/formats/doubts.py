"""What is doubtful about a data set that was just read: sentences for its owner, before anything is trained."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np

from core.data.dataset import PARTS, Dataset


NEARLY = 8
"""An image whose grey levels differ by less than this is nearly constant."""
DARK = 64
"""A data set without a brighter value is nearly black."""
WORDS = {"train": "training", "validation": "validation", "test": "test"}


def doubts(dataset: Dataset) -> tuple[str, ...]:
    flat = _nearly_constant(dataset)
    return (*_missing(dataset), *_repeated(dataset, flat), *_constant(dataset, flat), *_dark(dataset))


def _missing(dataset: Dataset) -> Iterator[str]:
    """Parts without images, and classes without images in a part."""
    counts = {part: dataset.counts(part) for part in PARTS if dataset.parts.get(part)}
    if "test" not in counts:
        small = int(np.bincount(dataset.labels).max()) < 6
        yield "There is no test part" + (
            ": the classes are too small to keep one image in six for it. Add images."
            if small and "validation" not in counts
            else ", so nothing can be said about new images. Add one, or leave the folder 'train' out: then one "
            "image in six is for the test."
        )
    for number, name in enumerate(dataset.class_names):
        there = {part: int(of[number]) for part, of in counts.items()}
        missing = [WORDS[part] for part, count in there.items() if not count]
        if not there["train"]:
            others = " and ".join(f"{count} {WORDS[part]}" for part, count in there.items() if count)
            yield f"Class {name!r} has {others} {_images(sum(there.values()))}, but none to train with."
        elif missing:
            yield (
                f"Class {name!r} has {there['train']:,} training {_images(there['train'])}, but no "
                f"{' and no '.join(missing)} images."
            )


def _repeated(dataset: Dataset, flat: np.ndarray) -> Iterator[str]:
    """The same image in two parts, or under two classes; images of one colour are not compared."""
    part_of = np.empty(len(dataset.labels), dtype=object)
    for part, rows in dataset.parts.items():
        part_of[rows.start : rows.stop] = part
    alike: dict[bytes, list[int]] = defaultdict(list)
    for row in np.flatnonzero(~flat):
        alike[dataset.images[row].tobytes()].append(int(row))
    groups = [rows for rows in alike.values() if len(rows) > 1]
    for first, second in (("train", "validation"), ("train", "test"), ("validation", "test")):
        both = [rows for rows in groups if {first, second} <= {part_of[row] for row in rows}]
        if both:
            yield (
                f"{len(both):,} {_images(len(both))} {'is' if len(both) == 1 else 'are'} in the {WORDS[first]} and in "
                f"the {WORDS[second]} part alike: the accuracy will be too good."
            )
    two = [rows for rows in groups if len({int(dataset.labels[row]) for row in rows}) > 1]
    if two:
        names = dict.fromkeys(dataset.class_names[int(dataset.labels[row])] for rows in two for row in rows)
        yield (
            f"{len(two):,} {_images(len(two))} {'stands' if len(two) == 1 else 'stand'} under two classes "
            f"({_first(map(repr, names))})."
        )


def _constant(dataset: Dataset, flat: np.ndarray) -> Iterator[str]:
    if count := int(flat.sum()):
        names = dict.fromkeys(dataset.class_names[int(label)] for label in dataset.labels[flat])
        yield (
            f"{count:,} of {len(flat):,} images {'is' if count == 1 else 'are'} of one colour only, or nearly so "
            f"({_first(map(repr, names))})."
        )


def _dark(dataset: Dataset) -> Iterator[str]:
    brightest = int(dataset.images.max())
    if NEARLY <= brightest < DARK:
        yield f"All images are dark: the brightest value is {brightest}, where white is 255. Is this their range?"


def _nearly_constant(dataset: Dataset) -> np.ndarray:
    """(N,) bool; colours count as different even where their grey is the same."""
    pixels = dataset.images.reshape(*dataset.images.shape[:2], -1)
    spread = pixels.max(axis=2).astype(np.int16) - pixels.min(axis=2)
    return np.asarray(spread.max(axis=1) < NEARLY)


def _images(count: int) -> str:
    return "image" if count == 1 else "images"


def _first(names: Iterable[str]) -> str:
    shown = list(names)
    return ", ".join(shown[:4]) + (f" and {len(shown) - 4:,} more" if len(shown) > 4 else "")
