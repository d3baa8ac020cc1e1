"""Large MATLAB files, read as a stream: of each array only every k-th entry along the dimension of the images.

SVHN's extra_32x32.mat unpacks to 1.6 GB. Reads MATLAB 5, as core/data/formats/mat.py does, and MATLAB 7.3, which is
HDF5.
"""

import math
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import numpy as np

from core.arrays import Array
from core.data.dataset import DataError
from core.data.formats.mat import COMPRESSED, MATRIX, VALUES, read_mat
from core.data.formats.safe_open import AGAIN, CHUNK


HEADER = 128
MOST_BYTES = 2**29
"""Of what is kept of one array."""
LONGEST = 10**7
"""Entries along a dimension."""


def is_hdf5(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(10).startswith((b"MATLAB 7.3", b"\x89HDF"))


def sampled(path: Path, most: int) -> dict[str, Array]:
    """The arrays by name, each with at most `most` entries along its last dimension that is longer than one.

    Raises DataError.
    """
    try:
        if is_hdf5(path):
            return _of_hdf5(path, most)
        with path.open("rb") as file:
            file.seek(HEADER - 2)
            order = {b"IM": "<", b"MI": ">"}.get(file.read(2))
            return dict(_arrays(file, order, most)) if order else read_mat(path)  # which says what is wrong
    except (ValueError, KeyError, TypeError, EOFError, zlib.error, struct.error) as error:
        raise DataError(f"{path} is damaged ({str(error)[:100]}). {AGAIN}") from None
    except (OSError, RuntimeError) as error:
        kind = " as MATLAB 7.3 (HDF5)" if is_hdf5(path) else ""
        raise DataError(f"{path} cannot be read{kind}: {str(error)[:100]}. {AGAIN}") from None


def _step(count: int, most: int) -> int:
    return max(1, math.ceil(count / most))


# --- MATLAB 5 ---------------------------------------------------------------------------------------------------------


class _Reader:
    """The bytes of one element, unpacked piece by piece where they are packed."""

    def __init__(self, file: IO[bytes], size: int, packed: bool):
        self.file, self.left = file, size
        self.unpack = zlib.decompressobj() if packed else None
        self.buffer = bytearray()

    def read(self, count: int) -> bytes:
        """Exactly `count` bytes. Raises EOFError."""
        while len(self.buffer) < count:
            packed = self.unpack.unconsumed_tail if self.unpack else b""
            if not packed:
                packed = self.file.read(min(CHUNK, self.left))
                self.left -= len(packed)
            if not packed:
                raise EOFError("the file was cut short")
            self.buffer += self.unpack.decompress(packed, CHUNK) if self.unpack else packed
        content = bytes(self.buffer[:count])
        del self.buffer[:count]
        return content


def _arrays(file: IO[bytes], order: str, most: int) -> Iterator[tuple[str, Array]]:
    start = HEADER
    file.seek(start)
    while len(tag := file.read(8)) == 8:
        kind, size = struct.unpack(order + "II", tag)
        reader = _Reader(file, size, packed=kind == COMPRESSED)
        if kind == COMPRESSED:
            kind, _ = struct.unpack(order + "II", reader.read(8))
        if kind == MATRIX and (array := _array(reader, order, most)):
            yield array
        start += 8 + size
        file.seek(start)


def _array(reader: _Reader, order: str, most: int) -> tuple[str, Array] | None:
    """Name and values of an array, column by column in the file: the entries along the last dimension that is longer
    than one lie one after the other."""
    _small(reader, order)  # flags
    kind, sizes = _small(reader, order)
    shape = np.frombuffer(sizes, order + VALUES[kind]).tolist()
    name = _small(reader, order)[1].decode("latin-1")
    kind, size = struct.unpack(order + "II", tag := reader.read(8))
    if kind >> 16:  # up to four bytes stand in the tag
        kind, size = kind & 0xFFFF, kind >> 16
        reader.buffer[:0] = tag[4:]
    while len(shape) > 1 and shape[-1] == 1:
        shape.pop()
    if kind not in VALUES or not shape or not 0 < shape[-1] <= LONGEST:
        return None  # a number or a text
    dtype = np.dtype(order + VALUES[kind])
    *inner, count = shape
    block = math.prod(inner) * dtype.itemsize
    if block * count != size:
        raise ValueError(f"{name} has {size:,} bytes where {block * count:,} should be")
    step = _step(count, most)
    if block * -(-count // step) > MOST_BYTES:
        raise ValueError(f"{name} is too large")
    kept = bytearray()
    for number in range(count):
        content = reader.read(block)
        if number % step == 0:
            kept += content
    return name, np.frombuffer(kept, dtype).reshape((*inner, -1), order="F")


def _small(reader: _Reader, order: str) -> tuple[int, bytes]:
    """Type and content of an element of a few bytes, which may stand in its own tag."""
    kind, size = struct.unpack(order + "II", tag := reader.read(8))
    if kind >> 16:
        return kind & 0xFFFF, tag[4 : 4 + min(kind >> 16, 4)]
    if size > 1000:
        raise ValueError("a header of more than 1,000 bytes")
    return kind, reader.read(-(-size // 8) * 8)[:size]


# --- MATLAB 7.3 -------------------------------------------------------------------------------------------------------


def _of_hdf5(path: Path, most: int) -> dict[str, Array]:
    """Dimensions are the other way round in HDF5."""
    try:
        import h5py  # comes with TensorFlow; only such files need it
    except ImportError:
        raise DataError(
            f"{path} is a MATLAB 7.3 file (HDF5), which cannot be read without the package h5py. Install it, or save "
            "the file with '-v7'."
        ) from None
    arrays = {}
    with h5py.File(path) as file:
        for name, stored in file.items():
            if not isinstance(stored, h5py.Dataset) or stored.dtype.kind not in "uif" or not stored.ndim:
                continue
            axis = next((place for place, size in enumerate(stored.shape) if size > 1), 0)
            step = _step(stored.shape[axis], most)
            if stored.size // step * stored.dtype.itemsize > MOST_BYTES:
                raise ValueError(f"{name} is too large")
            chosen = tuple(slice(None, None, step if place == axis else None) for place in range(stored.ndim))
            arrays[name] = np.asarray(stored[chosen]).T
    return arrays
