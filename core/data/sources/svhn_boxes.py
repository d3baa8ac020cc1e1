"""SVHN's full format: street photographs, and the boxes of the digits in them in a digitStruct.mat (MATLAB 7.3)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
from PIL import Image

from core.arrays import Array
from core.data.dataset import DataError, Dataset
from core.data.dataset_info import DataFile, Entry
from core.data.formats.image_file import LeftOutError, opened
from core.data.formats.safe_open import AGAIN
from core.data.sources import svhn


SIDE = 32
MOST_DIGITS = 2**17
SIDES = ("height", "width", "top", "left", "label")

ENTRY = replace(
    svhn.ENTRY,
    name="svhn-boxes",
    label="SVHN cropped from photos",
    summary="SVHN's house numbers, cut from its photographs by their boxes, 32x32, in colour.",
    wanted=(DataFile("svhn/train/digitStruct.mat"), DataFile("svhn/test/digitStruct.mat")),
    get_it=f"unpack train.tar.gz and test.tar.gz from {svhn.ADDRESS} (Format 1)",
)


@dataclass(frozen=True)
class Box:
    photo: str
    label: int
    top: float
    left: float
    height: float
    width: float


def read(entry: Entry, paths: list[Path]) -> Dataset:
    """`paths`: the digitStruct.mat of training and test, each beside its photographs. Raises DataError."""
    (train_images, train_labels, without), (test_images, test_labels, more) = map(_cropped, paths)
    left_out = without + more
    remark = f"Photographs of the list that are missing or damaged: {left_out:,}." if left_out else ""
    return svhn.in_two_parts(entry, (train_images, train_labels), (test_images, test_labels), remark)


def _cropped(path: Path) -> tuple[Array, Array, int]:
    """Images (N, 3, 32, 32) uint8, labels (N,) int64, and how many photographs cannot be read."""
    images, labels, without = [], [], 0
    photo, name = None, ""
    for box in boxes(path):
        if box.photo != name:
            name = box.photo
            photo = _photo(path.parent / name)
            without += photo is None
        if photo is not None:
            images.append(_square(photo, box))
            labels.append(box.label % 10)
    if not images:
        raise DataError(f"{path} has no photographs with digits beside it. Unpack the whole archive there.")
    return np.stack(images), np.array(labels, dtype=np.int64), without


def _photo(path: Path) -> Image.Image | None:
    try:
        return opened(path.read_bytes(), "RGB")[0]
    except (OSError, LeftOutError):
        return None


def _square(photo: Image.Image, box: Box) -> Array:
    """(3, 32, 32) uint8: the box, made a square around its middle; what is outside the photograph is black."""
    side = max(box.height, box.width)
    middle_x, middle_y = box.left - 1 + box.width / 2, box.top - 1 + box.height / 2  # MATLAB counts from 1
    left, top = round(middle_x - side / 2), round(middle_y - side / 2)
    right, bottom = round(middle_x + side / 2), round(middle_y + side / 2)
    small = photo.crop((left, top, right, bottom)).resize((SIDE, SIDE), Image.Resampling.BICUBIC)
    return np.moveaxis(np.asarray(small), -1, 0)


def boxes(path: Path) -> Iterator[Box]:
    """The digits, photograph by photograph. Raises DataError."""
    try:
        import h5py  # comes with TensorFlow; only such files need it
    except ImportError:
        raise DataError(f"{path} (MATLAB 7.3) cannot be read without the package h5py. Install it.") from None
    count = 0
    try:
        with h5py.File(path) as file:
            struct = file["digitStruct"]
            for name, box in zip(struct["name"][()].ravel(), struct["bbox"][()].ravel(), strict=True):
                photo = "".join(map(chr, file[name][()].ravel()))
                if PurePosixPath(photo).name != photo:
                    raise ValueError(f"{photo!r:.40} is no name of a photograph")
                fields = [_numbers(file, file[box][side]) for side in SIDES]
                for height, width, top, left, label in zip(*fields, strict=True):
                    count += 1
                    if count > MOST_DIGITS or not 1 <= label <= 10 or not 0 < max(height, width) < 10_000:
                        raise ValueError(f"digit {count:,} is {label:g} in a box of {height:g}x{width:g}")
                    yield Box(photo, int(label), top, left, height, width)
    except (OSError, KeyError, ValueError, TypeError, AttributeError, RuntimeError) as error:
        raise DataError(f"{path} is not SVHN's digitStruct.mat ({str(error)[:100]}). {AGAIN}") from None


def _numbers(file: Any, stored: Any) -> list[float]:
    """One number, or references to one number each."""
    values = stored[()].ravel()
    if stored.dtype.kind == "O":
        return [float(file[reference][()].ravel()[0]) for reference in values]
    return [float(value) for value in values]
