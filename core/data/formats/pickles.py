"""Reading a pickle without running what it asks for: plain values and arrays of bytes, and nothing else.

A pickle is a program: it may name any function and have it called. Here the four names that arrays of NumPy use stand for
our own stand-ins, every other name is refused, and NumPy itself is never called with what the file says.
"""

import math
import pickle
import struct
from pathlib import Path

import numpy as np

from core.arrays import Array
from core.data.dataset import DataError
from core.data.formats.safe_open import opened


MOST_BYTES = 64 * 2**20
"""Twice a batch of CIFAR-10."""


def read_pickle(path: Path):
    """Numbers, words, lists, dicts, and arrays of uint8. Words of Python 2 come as bytes. Raises DataError."""
    if path.stat().st_size > MOST_BYTES:
        raise DataError(f"{path} is larger than {MOST_BYTES // 2**20} MB, twice a batch of CIFAR-10. Get it again.")
    try:
        with opened(path) as stream:
            return _finished(_Careful(stream, encoding="bytes").load())
    except pickle.UnpicklingError as error:
        raise DataError(f"{path} was not read: {error}. Get it again, from where it was published.") from None
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, EOFError, MemoryError, OverflowError):
        raise DataError(f"{path} is damaged: it is no pickle that can be read. Get it again.") from None
    except (ImportError, struct.error, RecursionError):
        raise DataError(f"{path} is damaged: it is no pickle that can be read. Get it again.") from None


class _Array:
    """Stands for numpy.ndarray; what the pickle would build it from comes to `__setstate__`."""

    values: Array

    def __setstate__(self, state) -> None:
        _, shape, kind, by_columns, content = state
        if not isinstance(kind, _Kind) or kind.name not in (b"u1", "u1") or not isinstance(content, bytes):
            raise pickle.UnpicklingError("it has an array of something else than bytes")
        if not all(type(size) is int and size >= 0 for size in shape) or math.prod(shape) != len(content):
            raise pickle.UnpicklingError("it has an array whose shape is not that of its bytes")
        self.values = np.frombuffer(content, np.uint8).reshape(shape, order="F" if by_columns else "C")


class _Kind:
    """Stands for numpy.dtype."""

    def __init__(self, name=None, *rest):
        self.name = name

    def __setstate__(self, state) -> None:
        """Byte order and the like: a byte has none."""


def _encode(text: str, encoding: str) -> bytes:
    """How Python 3 writes bytes into an old pickle."""
    if encoding not in ("latin1", b"latin1"):
        raise pickle.UnpicklingError("it has text in an unknown encoding")
    return text.encode("latin1")


ALLOWED = {
    ("numpy.core.multiarray", "_reconstruct"): lambda *_: _Array(),
    ("numpy._core.multiarray", "_reconstruct"): lambda *_: _Array(),
    ("numpy", "ndarray"): _Array,
    ("numpy", "dtype"): _Kind,
    ("_codecs", "encode"): _encode,
}


class _Careful(pickle.Unpickler):
    def find_class(self, module: str, name: str):
        if (module, name) not in ALLOWED:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}, which data has no use for; nothing was run")
        return ALLOWED[module, name]

    def persistent_load(self, pid):
        raise pickle.UnpicklingError("it refers to something outside of it")


def _finished(value):
    """Stand-ins give way to their arrays, in a dict or a list."""
    match value:
        case _Array():
            return value.values
        case dict():
            return {key: item.values if isinstance(item, _Array) else item for key, item in value.items()}
    return value
