"""What a run needs to prepare a new image without its data set: the fitted scaling and the names of the classes."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from pydantic import TypeAdapter, ValidationError
from safetensors import SafetensorError, safe_open

from core import files
from core.data.preparation.scaling import FittedScaling, Scaling


FILE = "preparation.safetensors"
_SCALING: TypeAdapter[Scaling] = TypeAdapter(Scaling)


def save(folder: Path, scaling: FittedScaling, class_names: tuple[str, ...]) -> None:
    facts = {
        "scaling": _SCALING.dump_json(scaling.scaling).decode(),
        "classes": json.dumps(class_names),
        "fitted_on": str(scaling.fitted_on),
        "constant": str(scaling.constant),
    }
    files.save(folder / FILE, {"shift": scaling.shift, "divisor": scaling.divisor}, facts)


def load(folder: Path, shape: Sequence[int]) -> tuple[FittedScaling, tuple[str, ...]] | None:
    """The scaling and the class names; None if they were not saved, cannot be read or do not fit images of `shape`
    (C, H, W)."""
    try:
        with safe_open(folder / FILE, framework="numpy") as file:
            facts, shift, divisor = file.metadata(), file.get_tensor("shift"), file.get_tensor("divisor")
        scaling = _SCALING.validate_json(facts["scaling"])
        names = tuple(str(name) for name in json.loads(facts["classes"]))
        fits = np.broadcast_shapes(shift.shape, divisor.shape, tuple(shape)) == tuple(shape)
        fitted = FittedScaling(scaling, shift, divisor, int(facts["fitted_on"]), int(facts["constant"]))
    except (SafetensorError, OSError, ValidationError, KeyError, ValueError, TypeError):
        return None
    finite = np.isfinite(shift).all() and np.isfinite(divisor).all() and (divisor != 0).all()
    return (fitted, names) if fits and finite else None
