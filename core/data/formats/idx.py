"""IDX, the format of MNIST: a magic number, the sizes as big-endian integers, then one byte per value."""

import math
import struct
from pathlib import Path

import numpy as np

from core.arrays import Array
from core.data.dataset import DataError
from core.data.formats.safe_open import AGAIN, at_most, opened


MOST_BYTES = 2**29
"""Half a gibibyte, ten times MNIST: a header that promises more is wrong."""
UNSIGNED_BYTE = 0x08
KINDS = {1: "labels", 3: "images"}


def read_idx(path: Path, dimensions: int) -> Array:
    """The values as uint8 with this number of `dimensions`: 1 for labels (N,), 3 for images (N, H, W).

    The magic number is 0, 0, the type of the values (8: unsigned byte), the number of dimensions
    (http://yann.lecun.com/exdb/mnist). Raises DataError if the header is different or does not match the bytes.
    """
    with opened(path) as stream:
        sizes = _sizes(path, bytes(at_most(stream, 4 + 4 * dimensions)), dimensions)
        promised = math.prod(sizes)
        if promised > MOST_BYTES:
            raise DataError(f"{path} promises {_words(sizes)} = {promised:,} values, more than {MOST_BYTES:,}. {AGAIN}")
        values = at_most(stream, promised + 1)
    if len(values) != promised:
        actual = f"only {len(values):,}" if len(values) < promised else "more"
        raise DataError(
            f"{path} promises {_words(sizes)} = {promised:,} values in its header, but has {actual}. {AGAIN}"
        )
    return np.frombuffer(values, dtype=np.uint8).reshape(sizes)


def _sizes(path: Path, header: bytes, dimensions: int) -> tuple[int, ...]:
    expected = bytes([0, 0, UNSIGNED_BYTE, dimensions])
    if header[:4] != expected:
        raise DataError(
            f"{path} starts with the bytes {header[:4].hex(' ')}, but IDX {KINDS[dimensions]} start with "
            f"{expected.hex(' ')}{_hint(header)}. {AGAIN}"
        )
    if len(header) < 4 + 4 * dimensions:
        raise DataError(f"{path} ends inside its header, after {len(header)} bytes. {AGAIN}")
    return struct.unpack(f">{dimensions}I", header[4:])


def _hint(header: bytes) -> str:
    kind = KINDS.get(header[3]) if header[:3] == bytes([0, 0, UNSIGNED_BYTE]) and len(header) > 3 else None
    return f" (these are IDX {kind}: are two files swapped?)" if kind else ""


def _words(sizes: tuple[int, ...]) -> str:
    return " x ".join(map(str, sizes))
