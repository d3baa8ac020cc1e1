"""The weights that a run remembers from its training: one small file per remembered step, for looking only.

`state/history/step-00000120.safetensors` has "weights/..." and "statistics/..." in float16, or in float32 where a
number is too large for that. To resume, a run uses its snapshots, which are exact.
"""

from pathlib import Path

import numpy as np
from safetensors import SafetensorError

from core import files
from core.arrays import Array
from core.backend import State
from core.recipe.remember import Remember, superfluous


LARGEST = float(np.finfo(np.float16).max)


def save(folder: Path, state: State, remember: Remember) -> None:
    """Remember this state, and forget others if there are too many or too large ones."""
    arrays = {f"weights/{name}": _small(values) for name, values in state.weights.items()}
    arrays |= {f"statistics/{name}": _small(values) for name, values in state.statistics.items()}
    files.save(_path(folder, state.step), arrays)
    kept = steps(folder)
    while len(kept) > 2 and _too_much(folder, kept, remember):
        _path(folder, kept.pop(superfluous(kept))).unlink(missing_ok=True)


def steps(folder: Path) -> list[int]:
    """The remembered steps, ascending."""
    return sorted(int(path.stem.removeprefix("step-")) for path in _folder(folder).glob("step-*.safetensors"))


def at(folder: Path, step: int) -> State | None:
    """The remembered weights and batch-norm statistics in float32, without optimizer slots; None if the step is not
    remembered or its file cannot be read."""
    try:
        arrays = {name: values.astype(np.float32) for name, values in files.load(_path(folder, step)).items()}
    except (SafetensorError, OSError):
        return None
    weights, statistics = (
        {name.removeprefix(prefix): values for name, values in arrays.items() if name.startswith(prefix)}
        for prefix in ("weights/", "statistics/")
    )
    return State(weights, step=step, statistics=statistics)


def forget_after(folder: Path, step: int) -> None:
    """Forget the states after `step`: a resumed run makes these steps again."""
    for later in steps(folder):
        if later > step:
            _path(folder, later).unlink(missing_ok=True)


def _too_much(folder: Path, kept: list[int], remember: Remember) -> bool:
    sizes = sum(_path(folder, step).stat().st_size for step in kept)
    return len(kept) > max(2, remember.states) or sizes > remember.megabytes * 1e6


def _small(values: Array) -> Array:
    largest = float(np.abs(values).max(initial=0))
    return values.astype(np.float16 if largest <= LARGEST else np.float32)


def _folder(state_folder: Path) -> Path:
    return state_folder / "history"


def _path(state_folder: Path, step: int) -> Path:
    return _folder(state_folder) / f"step-{step:08d}.safetensors"
