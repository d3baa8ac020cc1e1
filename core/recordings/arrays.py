"""Recorded arrays: what a real training looked like inside, as small numbers in one JSON file, with how it was made."""

import base64
from functools import lru_cache
from pathlib import Path

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.experiment.experiment import Experiment
from core.recordings.recording import TimedRecording, read_as
from core.spec import Spec


LEVELS = 127
"""A number is kept as one of 255 levels, -127 to 127 times its step."""


class Packed(Spec):
    """An array in one byte a number: `levels` in base64 times `step`."""

    shape: tuple[int, ...]
    step: float
    levels: str

    def array(self) -> Array:
        """Float64, each number within half a step of what was recorded."""
        flat = np.frombuffer(base64.b64decode(self.levels), np.int8)
        return flat.reshape(self.shape) * self.step


class RecordedArrays(TimedRecording):
    """Made by tools.record; never written by hand."""

    experiment: Experiment
    packed: dict[str, Packed] = Field(default_factory=dict)
    numbers: dict[str, list] = Field(default_factory=dict)
    """Small lists that are kept in full: steps, accuracies."""

    def array(self, name: str) -> Array:
        return self.packed[name].array() if name in self.packed else np.asarray(self.numbers[name])


def packed(values: Array) -> Packed:
    """One step for the whole array: its largest number is level 127."""
    step = float(np.abs(values).max(initial=0)) / LEVELS or 1.0
    levels = np.rint(np.asarray(values) / step).astype(np.int8)
    return Packed(shape=values.shape, step=step, levels=base64.b64encode(levels.tobytes()).decode())


@lru_cache(maxsize=100)
def read(path: Path) -> RecordedArrays:
    """Raises RecordedError."""
    return read_as(RecordedArrays, path, "there are no recorded arrays", "holds no recorded arrays")
