"""USPS: 9,298 digits from envelopes, 16x16, from one HDF5 file or LIBSVM's two text files."""

import bz2
from pathlib import Path
from typing import Any

import numpy as np

from core.arrays import Array
from core.data.dataset import DataError, Dataset
from core.data.dataset_info import DataFile, Entry
from core.data.formats.safe_open import AGAIN, at_most, opened


SIDE, PIXELS = 16, 256
MOST_BYTES = 128 * 2**20
MOST_ROWS = 50_000

ENTRY = Entry(
    name="usps",
    label="USPS",
    shape=(1, SIDE, SIDE),
    class_names=tuple("0123456789"),
    summary="9,298 handwritten digits from envelopes, 16x16, grey: 7,291 for training and 2,007 for the test.",
    source="USPS by Hull 1994, the data of LeCun's zip-code network; as provided by LIBSVM and Kaggle.",
    wanted=(
        DataFile("usps/usps.h5", ("usps/usps", "usps/usps.bz2")),
        DataFile("usps/usps.t", ("usps/usps.t.bz2",), optional=True),
    ),
    get_it=(
        "get usps.h5 from https://www.kaggle.com/datasets/bistaumanga/usps-dataset, or usps.bz2 and usps.t.bz2 from "
        "https://www.csie.ntu.edu.tw/~cjlin/libsvmtools/datasets/multiclass.html#usps"
    ),
)


def read(entry: Entry, paths: list[Path]) -> Dataset:
    """`paths`: the .h5 file, or the training text and the test text. Raises DataError."""
    if paths[0].suffix == ".h5":
        train, test = _hdf5(paths[0])
    elif len(paths) < 2:
        raise DataError(
            f"{paths[0]} has only the training digits. Put usps.t (or usps.t.bz2) with the test digits beside it."
        )
    else:
        train, test = map(_text, paths)
    seam = len(train[1])
    return Dataset(
        name=entry.name,
        label=entry.label,
        images=np.concatenate([train[0], test[0]]),
        labels=np.concatenate([train[1], test[1]]),
        class_names=entry.class_names,
        parts={"train": range(seam), "test": range(seam, seam + len(test[1]))},
        source=entry.source,
    )


def _hdf5(path: Path) -> list[tuple[Array, Array]]:
    """Groups train and test, each with data (N, 256) from 0 to 1 and target (N,)."""
    try:
        import h5py  # comes with TensorFlow; only this file needs it
    except ImportError:
        raise DataError(
            f"{path} cannot be read without the package h5py. Install it, or use LIBSVM's usps.bz2 and usps.t.bz2."
        ) from None
    try:
        with h5py.File(path) as file:
            return [_pair(path, *(_small(path, file[part][name]) for name in ("data", "target"))) for part in SPLIT]
    except (OSError, KeyError, ValueError, TypeError, RuntimeError) as error:
        raise DataError(f"{path} is not USPS's usps.h5 ({str(error)[:120]}). {AGAIN}") from None


SPLIT = ("train", "test")


def _small(path: Path, stored: Any) -> Array:
    """The array of an h5py data set, whose stated size is checked before it is read."""
    if stored.size * stored.dtype.itemsize > MOST_BYTES:
        raise DataError(f"{path} has an array of {stored.size:,} values, far more than USPS has. {AGAIN}")
    return np.asarray(stored[()])


def _pair(path: Path, data: Array, target: Array) -> tuple[Array, Array]:
    """Values from 0 to 1 -> (N, 1, 16, 16) uint8."""
    valid = data.ndim == 2 and data.shape[1] == PIXELS and target.shape == data.shape[:1] and len(data)
    if not valid or not np.isfinite(data).all() or data.min() < 0 or data.max() > 1:
        raise DataError(f"{path} has data of shape {data.shape}, but (N, {PIXELS}) from 0 to 1 is needed. {AGAIN}")
    if not np.isin(target, range(10)).all():
        raise DataError(f"{path} has a label that is not one of 0 to 9. {AGAIN}")
    return np.rint(data * 255).astype(np.uint8).reshape(-1, 1, SIDE, SIDE), target.astype(np.int64)


def _text(path: Path) -> tuple[Array, Array]:
    """LIBSVM's lines: "label index:value index:value ...", labels 1 to 10 for digits 0 to 9, values from -1 to 1."""
    lines = [line for line in _content(path).splitlines() if line.strip()]
    if not 0 < len(lines) <= MOST_ROWS:
        raise DataError(f"{path} has {len(lines):,} lines, but USPS has 7,291 and 2,007. {AGAIN}")
    data, target = np.zeros((len(lines), PIXELS)), np.zeros(len(lines), dtype=np.int64)
    for number, line in enumerate(lines):
        try:
            label, *fields = line.split()
            target[number] = int(float(label)) - 1
            for field in fields:
                position, _, value = field.partition(b":")
                data[number, _index(int(position))] = (float(value) + 1) / 2
        except (ValueError, IndexError):
            raise DataError(
                f"{path}, line {number + 1:,}: it is not 'label index:value …' with indices from 1 to {PIXELS}. {AGAIN}"
            ) from None
    return _pair(path, data, target)


def _index(number: int) -> int:
    if not 1 <= number <= PIXELS:
        raise ValueError
    return number - 1


def _content(path: Path) -> bytes:
    with opened(path) as stream:
        packed = bytes(at_most(stream, MOST_BYTES + 1))
    if not packed.startswith(b"BZh"):
        content, whole = packed, True
    else:
        reader = bz2.BZ2Decompressor()
        try:
            content = reader.decompress(packed, MOST_BYTES + 1)
        except OSError:
            raise DataError(f"{path} is damaged: it cannot be unpacked. {AGAIN}") from None
        whole = reader.eof
    if len(content) > MOST_BYTES:
        raise DataError(f"{path} unpacks to more than {MOST_BYTES // 2**20} MB, far more than USPS has. {AGAIN}")
    if not whole:
        raise DataError(f"{path} was cut short. {AGAIN}")
    return content
