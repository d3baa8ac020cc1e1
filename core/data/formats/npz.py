"""NumPy's .npz files, read without running any code in them."""

import zipfile
import zlib
from pathlib import Path

import numpy as np

from core.arrays import Array
from core.data.dataset import DataError


MOST_BYTES = 2**29


def read_npz(path: Path, names: tuple[str, ...]) -> list[Array]:
    """The arrays of these names. Raises DataError if one is missing, holds Python objects, or is too large."""
    try:
        with zipfile.ZipFile(path) as archive:
            if (size := sum(info.file_size for info in archive.infolist())) > MOST_BYTES:
                raise DataError(f"{path} would unpack to {size / 2**20:,.0f} MB, more than {MOST_BYTES // 2**20} MB.")
        with np.load(path, allow_pickle=False) as arrays:
            if missing := [name for name in names if name not in arrays.files]:
                raise DataError(
                    f"{path} has no array {missing[0]!r} (it has {', '.join(arrays.files[:8])}). Get it again."
                )
            return [arrays[name] for name in names]
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile, zlib.error, NotImplementedError) as error:
        raise DataError(f"{path} is not a readable .npz file ({error}). Delete it and get it again.") from None
