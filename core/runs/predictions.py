"""What a run that ended says of its images: logits, labels and rows, one safetensors file a part.

They are kept so that a page can judge the run without its framework.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open

from core import files
from core.arrays import Array
from core.data.dataset import PARTS


MOST_TRAINING = 10_000
"""Training images are kept up to so many: of more, the logits would be larger than the snapshots."""


@dataclass(frozen=True, eq=False)
class Predictions:
    """Logits (N, K), labels (N,), and the images' rows (N,) in the data set."""

    logits: Array
    labels: Array
    rows: Array
    training_counts: Array
    """(K,) how often each class was trained with: what a guesser knows."""


def wanted(part: str, images: int) -> bool:
    """Whether the predictions of a part are kept: never those of an empty one, nor of a large training part."""
    return images > 0 and (part != "train" or images <= MOST_TRAINING)


def save(folder: Path, part: str, predictions: Predictions) -> None:
    """As `folder`/test.safetensors."""
    files.save(_path(folder, part), vars(predictions))


def load(folder: Path, part: str) -> Predictions | None:
    """None where there are none, or none that can be read."""
    try:
        with safe_open(_path(folder, part), framework="numpy") as file:
            return Predictions(**{name: file.get_tensor(name) for name in Predictions.__annotations__})
    except (SafetensorError, OSError, ValueError):
        return None


def class_counts(folder: Path, part: str) -> tuple[Array, Array] | None:
    """How often each class stands in the part and stood in training, each (K,), without reading the logits; None as `load`
    gives it."""
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
