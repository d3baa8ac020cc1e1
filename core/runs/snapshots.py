"""Snapshots of a run's state: safetensors files, written atomically; only the newest two are kept."""

import json
from pathlib import Path

from safetensors import SafetensorError, safe_open

from core import files
from core.arrays import Array
from core.backend import Best, State


KEPT = 2


def save(folder: Path, state: State) -> Path:
    """`folder`/step-00000120.safetensors with "weights/...", "slots/...", "statistics/..." and, under early stopping,
    "best/..." and "best-statistics/..."; the metadata contains the step and the facts about the best weights."""
    arrays = {f"weights/{name}": array for name, array in state.weights.items()}
    arrays |= {f"slots/{name}": array for name, array in state.slots.items()}
    arrays |= {f"statistics/{name}": array for name, array in state.statistics.items()}
    metadata = {"step": str(state.step)}
    if (best := state.best) is not None:
        arrays |= {f"best/{name}": array for name, array in best.weights.items()}
        arrays |= {f"best-statistics/{name}": array for name, array in best.statistics.items()}
        facts = {"epoch": best.epoch, "step": best.step, "loss": best.loss, "restored": best.restored}
        metadata["best"] = json.dumps(facts)
    if state.validation_losses:
        metadata["validation_losses"] = json.dumps(state.validation_losses)
    path = _path(folder, state.step)
    files.save(path, arrays, metadata)
    for old in steps(folder)[:-KEPT]:
        old.unlink(missing_ok=True)
    return path


def steps(folder: Path) -> list[Path]:
    """The snapshot files in the order of their steps."""
    return sorted(folder.glob("step-*.safetensors"))


def newest(folder: Path) -> State | None:
    """The newest snapshot that can be read; None if there is none."""
    return next((state for path in reversed(steps(folder)) if (state := _readable(path)) is not None), None)


def at(folder: Path, step: int) -> State | None:
    """The snapshot of this step; None if there is none or it cannot be read."""
    return _readable(_path(folder, step))


def load(path: Path) -> State:
    with safe_open(path, framework="numpy") as file:
        metadata = file.metadata()
        arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not iterable itself)
    best = None
    if "best" in metadata:
        best = Best(
            _under(arrays, "best/"), **json.loads(metadata["best"]), statistics=_under(arrays, "best-statistics/")
        )
    return State(
        weights=_under(arrays, "weights/"),
        slots=_under(arrays, "slots/"),
        step=int(metadata["step"]),
        best=best,
        validation_losses=tuple(map(float, json.loads(metadata.get("validation_losses", "[]")))),
        statistics=_under(arrays, "statistics/"),
    )


def _readable(path: Path) -> State | None:
    try:
        return load(path)
    except (SafetensorError, OSError, KeyError, ValueError, TypeError):
        return None


def _path(folder: Path, step: int) -> Path:
    return folder / f"step-{step:08d}.safetensors"


def _under(arrays: dict[str, Array], prefix: str) -> dict[str, Array]:
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
