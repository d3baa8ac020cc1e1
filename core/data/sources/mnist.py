"""MNIST: 70,000 handwritten digits in four IDX files; also scaled down to the size of the zip codes of 1989."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from core.arrays import Array
from core.data.dataset import DataError, Dataset
from core.data.dataset_info import DataFile, Entry
from core.data.formats.idx import read_idx
from core.data.formats.npz import read_npz
from core.data.sources.mnist_strangers import is_mnist, known_stranger


MIRRORS = ("https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/")


NPZ = "mnist.npz"


def _file(name: str, md5: str, size: int) -> DataFile:
    """Unpackers write a dot for the last hyphen but one, or a folder of the same name; Keras has one file for all."""
    addresses = tuple(f"{mirror}{name}.gz" for mirror in MIRRORS)
    dotted = name.replace("-idx", ".idx")
    names = [f"{there}{it}{gz}" for there in ("", "raw/") for it in (name, dotted) for gz in (".gz", "")]
    names += [f"{it}{gz}/{it}" for it in (name, dotted) for gz in (".gz", "")]
    first, *others = [f"mnist/{it}" for it in (*names, NPZ)]
    return DataFile(first, tuple(others), md5, size, addresses)


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
    if npz := [path for path in paths if path.name == NPZ]:
        train_images, train_labels, test_images, test_labels = read_npz(
            npz[0], ("x_train", "y_train", "x_test", "y_test")
        )
        paths = [npz[0]] * 4
    else:
        train_images, train_labels, test_images, test_labels = (
            read_idx(path, dimensions) for path, dimensions in zip(paths, (3, 1, 3, 1), strict=True)
        )
    _check(train_images, train_labels, *paths[:2])
    _check(test_images, test_labels, *paths[2:])
    seam, side = len(train_labels), entry.shape[1]
    images = np.concatenate([train_images, test_images])
    names, remark = _names(entry, paths, train_images, test_images)
    return Dataset(
        name=entry.name,
        label=entry.label,
        images=(images if side == 28 else _shrunk(images, side))[:, None],
        labels=np.concatenate([train_labels, test_labels]).astype(np.int64),
        class_names=names,
        parts={"train": range(seam), "test": range(seam, seam + len(test_labels))},
        source=entry.source,
        remark=remark,
    )


def _names(entry: Entry, paths: list[Path], train: Array, test: Array) -> tuple[tuple[str, ...], str]:
    """Names of the classes, and a remark if these are not MNIST's images."""
    if is_mnist(train, test):
        return entry.class_names, ""
    if stranger := known_stranger(paths):
        return stranger.class_names, f"These are not MNIST's digits but {stranger.name}, in files with MNIST's names."
    return entry.class_names, (
        "These are not MNIST's published files (the checksum differs), although they have their names. Are the images "
        "those of another set, such as Fashion-MNIST, or digits on their side, as in EMNIST? Then the class names 0 to "
        "9 may mean something else."
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


def _check(images: Array, labels: Array, images_path: Path, labels_path: Path) -> None:
    """Raises DataError unless these are (N, 28, 28) and (N,), both uint8, with labels from 0 to 9."""
    if images.dtype != np.uint8 or images.ndim != 3 or labels.ndim != 1 or not np.issubdtype(labels.dtype, np.integer):
        raise DataError(
            f"{images_path} has images {images.shape} of {images.dtype} and labels {labels.shape} of {labels.dtype}, "
            "but MNIST's are (N, 28, 28) of uint8 and (N,) of whole numbers. Is it another set?"
        )
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
    if labels.max() > 9 or labels.min() < 0:
        row = int(np.argmax((labels > 9) | (labels < 0)))
        raise DataError(
            f"{labels_path} says {labels[row]} for image {row:,} (counted from 0), but MNIST's labels are 0 to 9. "
            "Is it another set?"
        )
