"""Snapshots of a run's state: safetensors files, written aside and moved into place, the newest two kept."""

import json
from pathlib import Path

from safetensors import SafetensorError, safe_open

from core import files
from core.backend import Best, State


KEPT = 2


def save(folder: Path, state: State) -> Path:
    """`folder`/step-00000120.safetensors with "weights/...", "slots/...", "statistics/..." and, under early stopping,
    "best/..." and "best-statistics/..."; the step and what is known of the best weights stand in the metadata."""
    arrays = {f"weights/{name}": array for name, array in state.weights.items()}
    arrays |= {f"slots/{name}": array for name, array in state.slots.items()}
    arrays |= {f"statistics/{name}": array for name, array in state.statistics.items()}
    words = {"step": str(state.step)}
    if (best := state.best) is not None:
        arrays |= {f"best/{name}": array for name, array in best.weights.items()}
        arrays |= {f"best-statistics/{name}": array for name, array in best.statistics.items()}
        known = {"epoch": best.epoch, "step": best.step, "loss": best.loss, "restored": best.restored}
        words["best"] = json.dumps(known)
    if state.validation_losses:
        words["validation_losses"] = json.dumps(state.validation_losses)
    path = folder / f"step-{state.step:08d}.safetensors"
    files.save(path, arrays, words)
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
        words = file.metadata()
        arrays = {name: file.get_tensor(name) for name in file}
    best = None
    if "best" in words:
        best = Best(_under(arrays, "best/"), **json.loads(words["best"]), statistics=_under(arrays, "best-statistics/"))
    return State(
        weights=_under(arrays, "weights/"),
        slots=_under(arrays, "slots/"),
        step=int(words["step"]),
        best=best,
        validation_losses=tuple(map(float, json.loads(words.get("validation_losses", "[]")))),
        statistics=_under(arrays, "statistics/"),
    )


def _under(arrays: dict, prefix: str) -> dict:
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
