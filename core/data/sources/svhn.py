"""SVHN: house numbers cut from street photographs, 32x32 in colour, in two MATLAB files."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from core.arrays import Array
from core.data.dataset import DataError, Dataset
from core.data.dataset_info import DataFile, Entry
from core.data.formats.mat import read_mat
from core.data.formats.mat_sample import is_hdf5, sampled


MOST_IMAGES = 2**17
"""Of one file: its training part has 73,257."""
ADDRESS = "http://ufldl.stanford.edu/housenumbers/"


def _file(name: str, md5: str, size: int) -> DataFile:
    return DataFile(f"svhn/{name}", (), md5, size, (ADDRESS + name,))


ENTRY = Entry(
    name="svhn",
    label="SVHN",
    shape=(3, 32, 32),
    class_names=tuple("0123456789"),
    summary="House numbers from street photographs, 32x32, in colour: 73,257 for training and 26,032 for the test.",
    source="The Street View House Numbers by Netzer et al. 2011, for non-commercial use only, " + ADDRESS + ".",
    wanted=(
        _file("train_32x32.mat", "e26dedcc434d2e4c54c9b2d4a06d8373", 182_040_794),
        _file("test_32x32.mat", "eb5a983be6a315427106f1b164d9cef3", 64_275_384),
    ),
    get_it=f"get them from {ADDRESS} (Format 2)",
)


MOST_EXTRA = 50_000
EXTRA = replace(
    ENTRY,
    name="svhn-extra",
    label="SVHN with extra images",
    summary="SVHN, and a sample of its 531,131 easier extra images in the training part: every 11th, so as to fit into "
    "memory.",
    wanted=(*ENTRY.wanted, _file("extra_32x32.mat", "a93ce644f1a588dc4d68dda5feec44a7", 1_329_278_602)),
)


def read(entry: Entry, paths: list[Path]) -> Dataset:
    """`paths`: the training and the test file, and perhaps the extra one. Raises DataError."""
    train_images, train_labels = _pair(paths[0])
    test_images, test_labels = _pair(paths[1])
    for extra in paths[2:]:
        more_images, more_labels = _pair(extra, MOST_EXTRA)
        train_images = np.concatenate([train_images, more_images])
        train_labels = np.concatenate([train_labels, more_labels])
    return in_two_parts(entry, (train_images, train_labels), (test_images, test_labels))


def in_two_parts(entry: Entry, train: tuple[Array, Array], test: tuple[Array, Array], remark: str = "") -> Dataset:
    """The data set of an entry from the images and labels of its training part and of its test part."""
    (train_images, train_labels), (test_images, test_labels) = train, test
    seam = len(train_labels)
    return Dataset(
        name=entry.name,
        label=entry.label,
        images=np.concatenate([train_images, test_images]),
        labels=np.concatenate([train_labels, test_labels]),
        class_names=entry.class_names,
        parts={"train": range(seam), "test": range(seam, seam + len(test_labels))},
        source=entry.source,
        remark=remark,
    )


def _pair(path: Path, most: int | None = None) -> tuple[Array, Array]:
    """Images (N, 3, 32, 32) uint8 and labels (N,) int64 from X (32, 32, 3, N) and y (N, 1); at most `most` images."""
    arrays = sampled(path, most or MOST_IMAGES) if most or is_hdf5(path) else read_mat(path)
    if missing := [name for name in "Xy" if name not in arrays]:
        there = ", ".join(sorted(arrays)) or "no arrays"
        raise DataError(f"{path} has no array {missing[0]!r} (it has {there}). SVHN's Format 2 files have X and y.")
    X, y = arrays["X"], arrays["y"]
    if X.dtype != np.uint8 or X.ndim != 4 or X.shape[:3] != (32, 32, 3) or X.shape[3] == 0:
        raise DataError(f"{path}: X is {X.shape} of {X.dtype}, but SVHN's is (32, 32, 3, N) of uint8. Get it again.")
    if y.shape not in ((X.shape[3], 1), (1, X.shape[3]), (X.shape[3],)):
        raise DataError(f"{path} has {X.shape[3]:,} images in X, but y is {y.shape}: one label per image is needed.")
    return X.transpose(3, 2, 0, 1), _labels(path, y.ravel())


def _labels(path: Path, y: Array) -> Array:
    """Labels 1 to 9 stay; 10 means the digit 0, which some copies of the files call 0."""
    known = np.isin(y, np.arange(0 if np.isin(y, np.arange(1, 10)).any() else 1, 11))
    if not known.all():
        row = int(np.argmin(known))
        raise DataError(
            f"{path} says {y[row]} for image {row:,} (counted from 0), but SVHN's labels are 1 to 10, 10 for the "
            "digit 0. Get the file again."
        )
    if 0 in y and 10 in y:
        raise DataError(f"{path} has labels 0 and labels 10, but both mean the digit 0. Get the file again.")
    return y.astype(np.int64) % 10
