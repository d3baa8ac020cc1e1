"""Reading a pickle without running its code: plain values and arrays of bytes, and nothing else.

A pickle is a program: it can name any function and have it called. Here the names that NumPy arrays use lead to our own
stand-ins, every other name is refused, and NumPy is never called with arguments from the file.
"""

import math
import pickle
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from core.arrays import Array
from core.data.dataset import DataError
from core.data.formats.safe_open import opened


MOST_BYTES = 64 * 2**20
"""Twice the size of a CIFAR-10 batch."""


def read_pickle(path: Path) -> Any:
    """Numbers, strings, lists, dicts, and arrays of uint8; Python 2 strings become bytes. Raises DataError."""
    if path.stat().st_size > MOST_BYTES:
        raise DataError(f"{path} is larger than {MOST_BYTES // 2**20} MB, twice a CIFAR-10 batch. Get it again.")
    try:
        with opened(path) as stream:
            return _with_arrays(_SafeUnpickler(stream, encoding="bytes").load())
    except pickle.UnpicklingError as error:
        raise DataError(f"{path} was not read: {error}. Get it again from its official address.") from None
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, EOFError, MemoryError, OverflowError):
        raise DataError(f"{path} is damaged: it is not a readable pickle. Get it again.") from None
    except (ImportError, struct.error, RecursionError):
        raise DataError(f"{path} is damaged: it is not a readable pickle. Get it again.") from None


class _Array:
    """A stand-in for numpy.ndarray; `__setstate__` gets what the pickle would build the array from."""

    values: Array

    def __setstate__(self, state: Any) -> None:
        _, shape, kind, by_columns, content = state
        if not isinstance(kind, _Kind) or kind.name not in (b"u1", "u1") or not isinstance(content, bytes):
            raise pickle.UnpicklingError("it has an array whose values are not bytes")
        if not all(type(size) is int and size >= 0 for size in shape) or math.prod(shape) != len(content):
            raise pickle.UnpicklingError("it has an array whose shape does not match its bytes")
        self.values = np.frombuffer(content, np.uint8).reshape(shape, order="F" if by_columns else "C")


class _Kind:
    """A stand-in for numpy.dtype."""

    def __init__(self, name: Any = None, *rest: Any):
        self.name = name

    def __setstate__(self, state: Any) -> None:
        """Ignores the byte order and the like, which bytes do not have."""


def _encode(text: str, encoding: str) -> bytes:
    """The inverse of how Python 3 writes bytes into an old pickle."""
    if encoding not in ("latin1", b"latin1"):
        raise pickle.UnpicklingError("it has text in an unknown encoding")
    return text.encode("latin1")


ALLOWED: dict[tuple[str, str], Callable[..., Any]] = {
    ("numpy.core.multiarray", "_reconstruct"): lambda *_: _Array(),
    ("numpy._core.multiarray", "_reconstruct"): lambda *_: _Array(),
    ("numpy", "ndarray"): _Array,
    ("numpy", "dtype"): _Kind,
    ("_codecs", "encode"): _encode,
}


class _SafeUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in ALLOWED:
            raise pickle.UnpicklingError(f"it asks for {module}.{name}, which data does not need; nothing was run")
        return ALLOWED[module, name]

    def persistent_load(self, pid: Any) -> Any:
        raise pickle.UnpicklingError("it refers to something outside the file")


def _with_arrays(value: Any) -> Any:
    """The value, or the values of a dict, with arrays instead of their stand-ins."""
    match value:
        case _Array():
            return value.values
        case dict():
            return {key: item.values if isinstance(item, _Array) else item for key, item in value.items()}
    return value
