"""Files of arrays. Writing is atomic: the file exists complete or not at all."""

import os
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file, save_file

from core.arrays import Array


def save(path: Path, arrays: dict[str, Array], metadata: dict[str, str] | None = None) -> None:
    """Save arrays and text metadata as a safetensors file. Creates the folder, writes to a temporary file beside it and
    moves that into place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{os.getpid()}.part")
    save_file({name: np.asarray(array, order="C") for name, array in arrays.items()}, temporary, metadata=metadata)
    os.replace(temporary, path)


def load(path: Path) -> dict[str, Array]:
    """The arrays of a safetensors file."""
    arrays: dict[str, Array] = load_file(path)
    return arrays
