"""MNIST: 70,000 handwritten digits in four IDX files; also scaled down to the size of the zip codes of 1989."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from core.arrays import Array
from core.data.dataset import DataError, Dataset
from core.data.dataset_info import DataFile, Entry
from core.data.formats.idx import read_idx


MIRRORS = ("https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/")


def _file(name: str, md5: str, size: int) -> DataFile:
    addresses = tuple(f"{mirror}{name}.gz" for mirror in MIRRORS)
    return DataFile(f"mnist/{name}.gz", (f"mnist/{name}",), md5, size, addresses)


ENTRY = Entry(
    name="mnist",
    label="MNIST",
    shape=(1, 28, 28),
    class_names=tuple("0123456789"),
    summary="70,000 handwritten digits, 28x28, grey: 60,000 for training and 10,000 for the test.",
    source="MNIST by LeCun, Cortes and Burges (CC BY-SA 3.0), http://yann.lecun.com/exdb/mnist.",
    wanted=(
        _file("train-images-idx3-ubyte", "f68b3c2dcbeaaa9fbdd348bbdeb94873", 9_912_422),
        _file("train-labels-idx1-ubyte", "d53e105ee54ea40749a09fcbcd1e9432", 28_881),
        _file("t10k-images-idx3-ubyte", "9fb629c4189551a2d022fa330f9573f3", 1_648_877),
        _file("t10k-labels-idx1-ubyte", "ec29112dd5afa0611ce80d1b7f02629c", 4_542),
    ),
    get_it=f"get them from {MIRRORS[0]}",
)
SHRUNK = replace(
    ENTRY,
    name="mnist-16x16",
    label="MNIST 16x16",
    shape=(1, 16, 16),
    summary="MNIST's 70,000 handwritten digits scaled down to 16x16, grey: a stand-in for the zip codes of 1989.",
)


def read(entry: Entry, paths: list[Path]) -> Dataset:
    """`paths` in the order of `entry.wanted`. Raises DataError."""
    train_images, train_labels = _pair(*paths[:2])
    test_images, test_labels = _pair(*paths[2:])
    seam, side = len(train_labels), entry.shape[1]
    images = np.concatenate([train_images, test_images])
    return Dataset(
        name=entry.name,
        label=entry.label,
        images=(images if side == 28 else _shrunk(images, side))[:, None],
        labels=np.concatenate([train_labels, test_labels]).astype(np.int64),
        class_names=entry.class_names,
        parts={"train": range(seam), "test": range(seam, seam + len(test_labels))},
        source=entry.source,
    )


def _shrunk(images: Array, side: int) -> Array:
    """(N, 28, 28) -> (N, side, side): every new pixel is a weighted mean of the old ones around it, with weights that
    fall linearly to zero at a distance of one new pixel (bilinear, antialiased)."""
    scale = 28 / side
    middles, old = (np.arange(side) + 0.5) * scale, np.arange(28) + 0.5
    weights = np.maximum(1 - np.abs(old - middles[:, None]) / scale, 0)
    weights = (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
    parts = np.array_split(images, max(len(images) // 4096, 1))
    return np.concatenate([np.rint(weights @ part @ weights.T).astype(np.uint8) for part in parts])


def _pair(images_path: Path, labels_path: Path) -> tuple[Array, Array]:
    """(N, 28, 28) and (N,), both uint8."""
    images, labels = read_idx(images_path, 3), read_idx(labels_path, 1)
    if images.shape[1:] != (28, 28):
        height, width = images.shape[1:]
        raise DataError(f"{images_path} has images of {height}x{width}, but MNIST's are 28x28. Is it another set?")
    if len(images) != len(labels):
        raise DataError(
            f"{images_path} has {len(images):,} images, but {labels_path.name} beside it has {len(labels):,} "
            "labels. Get both files again from the same address."
        )
    if not len(labels):
        raise DataError(f"{labels_path} has no labels. Delete it and get it again.")
    if labels.max() > 9:
        row = int(np.argmax(labels > 9))
        raise DataError(
            f"{labels_path} says {labels[row]} for image {row:,} (counted from 0), but MNIST's labels are 0 to 9. "
            "Is it another set?"
        )
    return images, labels
