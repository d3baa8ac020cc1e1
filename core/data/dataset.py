"""A data set: labelled images as read-only arrays, and the error that every source raises."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from core.arrays import Array


PARTS = ("train", "validation", "test")


class DataError(Exception):
    """A message for students: which file or data set, what is wrong with it, what to do."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Images (N, C, H, W) uint8 and their labels (N,) int64; both are made read-only here.

    `parts` are the source's parts as rows of `images`; "validation" only if the source has one.
    Raises DataError if the arrays do not fit together.
    """

    name: str
    label: str
    images: Array
    labels: Array
    class_names: tuple[str, ...]
    parts: Mapping[str, range]
    source: str
    remark: str = ""
    """A sentence about files that are not what their names say."""

    def __post_init__(self) -> None:
        _check(self)
        object.__setattr__(self, "images", read_only(self.images))
        object.__setattr__(self, "labels", read_only(self.labels))
        object.__setattr__(self, "parts", MappingProxyType(dict(self.parts)))

    @property
    def shape(self) -> tuple[int, int, int]:
        """(C, H, W) of one image."""
        channels, height, width = self.images.shape[1:]
        return channels, height, width

    @property
    def classes(self) -> int:
        return len(self.class_names)

    def counts(self, part: str) -> Array:
        """The number of images of each class in `part`, (classes,) int64; zeros if the source has no such part."""
        rows = self.parts.get(part, range(0))
        return np.bincount(self.labels[rows.start : rows.stop], minlength=self.classes)


def read_only(array: Array) -> Array:
    """A contiguous read-only view."""
    view = np.ascontiguousarray(array).view()
    view.flags.writeable = False
    return view


def _check(dataset: Dataset) -> None:
    images, labels, parts = dataset.images, dataset.labels, dataset.parts
    if images.ndim != 4 or images.dtype != np.uint8 or 0 in images.shape[1:]:
        wrong = f"images must be (N, C, H, W) of uint8, these are {images.shape} of {images.dtype}"
    elif labels.shape != images.shape[:1] or labels.dtype != np.int64:
        wrong = f"{len(images)} images need {len(images)} int64 labels, these are {labels.shape} of {labels.dtype}"
    elif labels.size and not 0 <= labels.min() <= labels.max() < len(dataset.class_names):
        wrong = f"labels run from {labels.min()} to {labels.max()}, but there are {len(dataset.class_names)} classes"
    elif unknown := [part for part in parts if part not in PARTS]:
        wrong = f"a part is one of {', '.join(PARTS)}, not {unknown[0]!r}"
    elif not parts.get("train"):
        wrong = "it has no training images"
    elif not _disjoint(parts, len(images)):
        wrong = f"its parts {dict(parts)} overlap, exceed its {len(images)} images, or have a step other than 1"
    else:
        return
    raise DataError(f"{dataset.label} cannot be used: {wrong}.")


def _disjoint(parts: Mapping[str, range], images: int) -> bool:
    ends = sorted((rows.start, rows.stop) for rows in parts.values() if rows)
    inside = all(0 <= start < stop <= images for start, stop in ends)
    apart = all(before[1] <= after[0] for before, after in itertools.pairwise(ends))
    return inside and apart and all(rows.step == 1 for rows in parts.values())
