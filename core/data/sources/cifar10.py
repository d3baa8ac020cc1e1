"""CIFAR-10: 60,000 small colour images of ten things, as Python pickles or in the binary version."""

from pathlib import Path
from typing import Any

import numpy as np

from core.arrays import Array
from core.data.dataset import DataError, Dataset
from core.data.dataset_info import DataFile, Entry
from core.data.formats.pickles import read_pickle
from core.data.formats.safe_open import at_most, opened


ADDRESS = "https://www.cs.toronto.edu/~kriz/cifar.html"
SIDE, PIXELS = 32, 3 * 32 * 32
MOST_BYTES = 64 * 2**20
NAMES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


def _file(name: str, optional: bool = False) -> DataFile:
    paths = (f"cifar-10-batches-py/{name}", name, f"cifar-10-batches-bin/{name}.bin", f"{name}.bin")
    first, *also = (f"cifar10/{path}" for path in paths)
    return DataFile(first, tuple(also), optional=optional)


ENTRY = Entry(
    name="cifar10",
    label="CIFAR-10",
    shape=(3, SIDE, SIDE),
    class_names=NAMES,
    summary="Animals and vehicles in colour, 32x32: 50,000 for training and 10,000 for the test, or what you have.",
    source=f"CIFAR-10 by Krizhevsky 2009, {ADDRESS}.",
    wanted=(
        _file("data_batch_1"),
        *(_file(f"data_batch_{number}", optional=True) for number in (2, 3, 4, 5)),
        _file("test_batch"),
    ),
    get_it=f"get the Python or the binary version from {ADDRESS}, unpack it",
)


def read(entry: Entry, paths: list[Path]) -> Dataset:
    """`paths`: the available training batches, then the test batch. Raises DataError."""
    batches = [_binary(path) if path.suffix == ".bin" else _pickled(path) for path in paths]
    images, labels = (np.concatenate(arrays) for arrays in zip(*batches, strict=True))
    seam = len(labels) - len(batches[-1][1])
    return Dataset(
        name=entry.name,
        label=entry.label,
        images=images,
        labels=labels,
        class_names=entry.class_names,
        parts={"train": range(seam), "test": range(seam, len(labels))},
        source=entry.source,
    )


def _pickled(path: Path) -> tuple[Array, Array]:
    """{"data": (N, 3072) uint8, "labels": [N]} -> images (N, 3, 32, 32), labels (N,)."""
    content = read_pickle(path)
    batch = {_word(key): value for key, value in content.items()} if isinstance(content, dict) else {}
    data, labels = batch.get("data"), batch.get("labels")
    if not isinstance(data, np.ndarray) or data.ndim != 2 or data.shape[1] != PIXELS or not len(data):
        raise DataError(
            f"{path} has no 'data' of {PIXELS:,} values per image. Is it a batch of CIFAR-10? Get it again."
        )
    if not isinstance(labels, list) or not all(type(label) is int and 0 <= label <= 9 for label in labels):
        raise DataError(f"{path} has no 'labels' from 0 to 9. Is it a batch of CIFAR-10? Get it again.")
    if len(labels) != len(data):
        raise DataError(f"{path} has {len(data):,} images but {len(labels):,} labels. Get it again.")
    return data.reshape(-1, 3, SIDE, SIDE), np.array(labels, dtype=np.int64)


def _word(key: Any) -> str:
    return key.decode("latin1") if isinstance(key, bytes) else str(key)


def _binary(path: Path) -> tuple[Array, Array]:
    """Each image is a byte for its label, then 3,072 for its pixels."""
    with opened(path) as stream:
        content = at_most(stream, MOST_BYTES + 1)
    if len(content) % (1 + PIXELS) or len(content) > MOST_BYTES:
        raise DataError(
            f"{path} has {len(content):,} bytes, which is not a multiple of {1 + PIXELS:,} per image. Get it again."
        )
    rows = np.frombuffer(content, np.uint8).reshape(-1, 1 + PIXELS)
    if rows[:, 0].max() > 9:
        raise DataError(
            f"{path} has the label {rows[:, 0].max()}, but labels are 0 to 9. Is it CIFAR-10? Get it again."
        )
    return rows[:, 1:].reshape(-1, 3, SIDE, SIDE), rows[:, 0].astype(np.int64)
