"""Recorded arrays: weights and activations of a real training, compressed into one JSON file, with their origin."""

import base64
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.experiment.experiment import Experiment
from core.recordings.recording import TimedRecording, read_as
from core.spec import Spec


LEVELS = 127
"""A number is stored as one of 255 levels: an integer from -127 to 127, times a step."""


class Packed(Spec):
    """An array with one byte per number: `levels` (in base64) times `step`."""

    shape: tuple[int, ...]
    step: float
    levels: str

    def array(self) -> Array:
        """The numbers as float64, each within half a step of the recorded one."""
        flat = np.frombuffer(base64.b64decode(self.levels), np.int8)
        return flat.reshape(self.shape) * self.step


class RecordedArrays(TimedRecording):
    """Made by tools.record; never written by hand."""

    experiment: Experiment
    packed: dict[str, Packed] = Field(default_factory=dict)
    numbers: dict[str, list[Any]] = Field(default_factory=dict)
    """Small lists stored in full precision: steps, accuracies."""

    def array(self, name: str) -> Array:
        return self.packed[name].array() if name in self.packed else np.asarray(self.numbers[name])


def packed(values: Array) -> Packed:
    """Pack an array with a common step, so that its largest absolute value becomes level 127."""
    step = float(np.abs(values).max(initial=0)) / LEVELS or 1.0
    levels = np.rint(np.asarray(values) / step).astype(np.int8)
    return Packed(shape=values.shape, step=step, levels=base64.b64encode(levels.tobytes()).decode())


@lru_cache(maxsize=100)
def read(path: Path) -> RecordedArrays:
    """Read recorded arrays. Raises RecordedError."""
    return read_as(RecordedArrays, path, "there are no recorded arrays", "does not contain recorded arrays")
