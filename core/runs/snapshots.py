"""Snapshots of a run's state: safetensors files, written aside and moved into place, the newest two kept."""

import os
from pathlib import Path

from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from core.backend import State


KEPT = 2


def save(folder: Path, state: State) -> Path:
    """`folder`/step-00000120.safetensors with "weights/..." and "slots/..."; the step stands in the metadata."""
    folder.mkdir(parents=True, exist_ok=True)
    arrays = {f"weights/{name}": array for name, array in state.weights.items()}
    arrays |= {f"slots/{name}": array for name, array in state.slots.items()}
    path = folder / f"step-{state.step:08d}.safetensors"
    aside = path.with_suffix(f".{os.getpid()}.part")
    save_file(arrays, aside, metadata={"step": str(state.step)})
    os.replace(aside, path)
    for old in steps(folder)[:-KEPT]:
        old.unlink(missing_ok=True)
    return path


def steps(folder: Path) -> list[Path]:
    """The snapshots in the order of their steps."""
    return sorted(folder.glob("step-*.safetensors"))


def newest(folder: Path) -> State | None:
    """The newest snapshot that can be read; None where there is none."""
    for path in reversed(steps(folder)):
        try:
            return load(path)
        except (SafetensorError, OSError, KeyError, ValueError, TypeError):
            continue
    return None


def load(path: Path) -> State:
    with safe_open(path, framework="numpy") as file:
        step = int(file.metadata()["step"])
        arrays = {name: file.get_tensor(name) for name in file.keys()}
    return State(weights=_under(arrays, "weights/"), slots=_under(arrays, "slots/"), step=step)


def _under(arrays: dict, prefix: str) -> dict:
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
