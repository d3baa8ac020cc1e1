"""MATLAB 5 .mat files, the format of SVHN: the numeric arrays, read with limits on their size.

The format is MathWorks' "MAT-File Format", chapter 1: a header of 128 bytes, then elements, each a tag (type, number of
bytes) and its bytes. `scipy.io.loadmat` reads the same (the tests compare), but trusts the sizes in a file.
"""

import math
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from core.arrays import Array
from core.data.dataset import DataError
from core.data.formats.safe_open import AGAIN, at_most, opened


MOST_BYTES = 2**29
"""Half a gibibyte, twice the size of SVHN's training file: a larger file or array is refused."""
VALUES = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8"}
MATRIX, COMPRESSED = 14, 15
NUMERIC_CLASSES = range(6, 16)
COMPLEX = 0x0800


class _WrongFileError(Exception):
    """What is wrong with the file, as a clause; read_mat adds which file and what to do."""


def read_mat(path: Path) -> dict[str, Array]:
    """The file's real numeric arrays by name; anything else in it is skipped.

    Raises DataError if the file is not MATLAB 5, is damaged, cut short or larger than MOST_BYTES.
    """
    with opened(path) as stream:
        content = memoryview(at_most(stream, MOST_BYTES + 1))
    try:
        return dict(_arrays(content))
    except _WrongFileError as wrong:
        raise DataError(f"{path} {wrong}. {AGAIN}") from None


def _arrays(content: memoryview) -> Iterator[tuple[str, Array]]:
    if len(content) > MOST_BYTES:
        raise _WrongFileError(f"is larger than {MOST_BYTES:,} bytes")
    order = _byte_order(content)
    at = 128
    while at < len(content):
        kind, body, at = _element(content, at, order)
        if kind == COMPRESSED:
            kind, body, _ = _element(_inflated(body), 0, order)
        if kind == MATRIX and (result := _array(body, order)):
            yield result


def _byte_order(content: memoryview) -> str:
    start = bytes(content[:128])
    if start.startswith((b"MATLAB 7.3", b"\x89HDF")):
        raise _WrongFileError("is a MATLAB 7.3 file (HDF5), but ConvScope reads MATLAB 5: save it with '-v7'")
    order = {b"IM": "<", b"MI": ">"}.get(start[126:128])
    if order is None:
        raise _WrongFileError("does not start like a MATLAB 5 file")
    return order


def _element(content: memoryview, at: int, order: str) -> tuple[int, memoryview, int]:
    """The element at `at`: its type, its bytes, where the next one starts."""
    if at + 8 > len(content):
        raise _WrongFileError(f"was cut short: {len(content) - at} bytes are left where an element's tag should be")
    kind, size = struct.unpack_from(order + "II", content, at)
    if kind >> 16:  # the small form: the size in the upper half, up to four bytes in the tag itself
        kind, size, start, after = kind & 0xFFFF, kind >> 16, at + 4, at + 8
        if size > 4:
            raise _WrongFileError(f"is damaged: a short element claims {size} bytes")
    else:
        start = at + 8
        after = start + (size if kind == COMPRESSED else -(-size // 8) * 8)
    if start + size > len(content):
        raise _WrongFileError(
            f"was cut short: an element promises {size:,} bytes, and {len(content) - start:,} are left"
        )
    return kind, content[start : start + size], after


def _inflated(body: memoryview) -> memoryview:
    unpack = zlib.decompressobj()
    try:
        content = unpack.decompress(body, MOST_BYTES)
    except zlib.error as error:
        raise _WrongFileError(f"is damaged: a compressed array cannot be unpacked ({error})") from None
    if not unpack.eof:
        full = len(content) >= MOST_BYTES
        raise _WrongFileError(f"unpacks to more than {MOST_BYTES:,} bytes" if full else "was cut short inside an array")
    return memoryview(content)


def _array(body: memoryview, order: str) -> tuple[str, Array] | None:
    """Name and values of a matrix element: flags, dimensions, name, values (column by column)."""
    _, flags, at = _element(body, 0, order)
    if len(flags) < 4:
        raise _WrongFileError("is damaged: an array has no flags")
    (flag,) = struct.unpack_from(order + "I", flags)
    if flag & 0xFF not in NUMERIC_CLASSES or flag & COMPLEX:
        return None
    sizes_kind, sizes, at = _element(body, at, order)
    _, name, at = _element(body, at, order)
    values_kind, values, _ = _element(body, at, order)
    shape = tuple(_numbers(sizes_kind, sizes, order).tolist())
    numbers = _numbers(values_kind, values, order)
    if not 2 <= len(shape) <= 32 or any(not isinstance(size, int) or size not in range(MOST_BYTES) for size in shape):
        raise _WrongFileError("is damaged: the dimensions of an array make no sense")
    if math.prod(shape) != len(numbers):
        sizes_in_words = " x ".join(map(str, shape))
        raise _WrongFileError(f"is damaged: an array of {sizes_in_words} has {len(numbers):,} values")
    return bytes(name).decode("latin-1"), numbers.reshape(shape, order="F")


def _numbers(kind: int, content: memoryview, order: str) -> Array:
    if kind not in VALUES:
        raise _WrongFileError(f"is damaged: value type {kind} does not exist")
    dtype = np.dtype(order + VALUES[kind])
    if len(content) % dtype.itemsize:
        raise _WrongFileError(f"is damaged: {len(content):,} bytes are not a whole number of {dtype.name} values")
    return np.frombuffer(content, dtype=dtype)
