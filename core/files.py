"""Write a file of arrays atomically: the file exists complete or not at all."""

import os
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from core.arrays import Array


def save(path: Path, arrays: dict[str, Array], metadata: dict[str, str] | None = None) -> None:
    """Save arrays and text metadata as a safetensors file. Creates the folder, writes to a temporary file beside it and
    moves that into place."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_suffix(f".{os.getpid()}.part")
    save_file({name: np.ascontiguousarray(array) for name, array in arrays.items()}, temporary, metadata=metadata)
    os.replace(temporary, path)
