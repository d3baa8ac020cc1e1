"""The predictions of an ended run: logits, labels and rows, one safetensors file per part (train, validation, test).

They are saved so that a page can evaluate the run without its framework.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open

from core import files
from core.arrays import Array
from core.data.dataset import PARTS


MOST_TRAINING = 10_000
"""For a larger training set no predictions are saved: its logits would be larger than the snapshots."""


@dataclass(frozen=True, eq=False)
class Predictions:
    """Logits (N, K), labels (N,), and the images' rows (N,) in the data set."""

    logits: Array
    labels: Array
    rows: Array
    training_counts: Array
    """(K,) how often each class occurs in the training set, from which the baselines are computed."""


def wanted(part: str, images: int) -> bool:
    """Whether to save the predictions of a part: not if it is empty, and not if it is a large training set."""
    return images > 0 and (part != "train" or images <= MOST_TRAINING)


def save(folder: Path, part: str, predictions: Predictions) -> None:
    """Save them as, for example, `folder`/test.safetensors."""
    files.save(_path(folder, part), vars(predictions))


def load(folder: Path, part: str) -> Predictions | None:
    """The predictions of a part; None if there are none, or none that can be read."""
    try:
        with safe_open(_path(folder, part), framework="numpy") as file:
            return Predictions(**{name: file.get_tensor(name) for name in Predictions.__annotations__})
    except (SafetensorError, OSError, ValueError):
        return None


def class_counts(folder: Path, part: str) -> tuple[Array, Array] | None:
    """How often each class occurs in the part and in the training set, each (K,), without reading the logits. None if
    there are no predictions that can be read."""
    try:
        with safe_open(_path(folder, part), framework="numpy") as file:
            labels, training = file.get_tensor("labels"), file.get_tensor("training_counts")
            return np.bincount(labels, minlength=len(training)), training
    except (SafetensorError, OSError, ValueError):
        return None


def kept(folder: Path) -> list[str]:
    """The parts that have predictions, in the order train, validation, test."""
    return [part for part in PARTS if _path(folder, part).is_file()]


def _path(folder: Path, part: str) -> Path:
    return folder / f"{part}.safetensors"
