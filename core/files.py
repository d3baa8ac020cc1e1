"""A file of arrays that is there whole or not at all."""

import os
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

from core.arrays import Array


def save(path: Path, arrays: dict[str, Array], words: dict[str, str] | None = None) -> None:
    """A safetensors file, `words` as its metadata: written aside and moved into place. Makes its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(f".{os.getpid()}.part")
    save_file({name: np.ascontiguousarray(array) for name, array in arrays.items()}, aside, metadata=words)
    os.replace(aside, path)
