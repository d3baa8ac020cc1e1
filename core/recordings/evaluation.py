"""A recorded evaluation: the results of a real trained network on its test images, in one small JSON file."""

from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.experiment.experiment import Experiment
from core.metrics.evaluation import Evaluation
from core.metrics.rejection import rejection
from core.metrics.top_k import top_k
from core.recordings.recording import Recording, read_as
from core.spec import Spec


POINTS = 101
MOST_REFUSED = 0.25


class Point(Spec):
    """Refuse every image whose confidence is below the threshold."""

    threshold: float
    refused: float
    """The share of the images."""
    error: float
    """The share of wrong answers among the accepted images."""


class Judged(Recording):
    """Made by tools.record; never written by hand."""

    experiment: Experiment
    images: int
    matrix: tuple[tuple[int, ...], ...]
    """(K, K) counts, rows the truth."""
    top: tuple[float, ...]
    """top[k - 1] is the share of images whose right class is among the k largest outputs."""
    rejection: tuple[Point, ...] = Field(min_length=1)
    """From no refused images to a quarter of them."""

    @property
    def label(self) -> str:
        """One line for the user: when and on what it was recorded."""
        return f"{self.made}, {self.images:,} test images"


def summed_up(judged: Evaluation) -> dict[str, Any]:
    """The measured fields of Judged."""
    return {
        "images": len(judged.labels),
        "matrix": judged.matrix.tolist(),
        "top": [round(top_k(judged.logits, judged.labels, k), 6) for k in range(1, judged.classes + 1)],
        "rejection": downsampled(judged.confidence, judged.right),
    }


def downsampled(confidence: Array, right: Array) -> list[Point]:
    """At most POINTS points, evenly spread over the share of refused images; each threshold occurs in the data."""
    result = rejection(confidence, right)
    indices = {int(np.argmin(np.abs(result.refused - share))) for share in np.linspace(0, MOST_REFUSED, POINTS)}
    return [
        Point(
            threshold=round(float(result.thresholds[index]), 6),
            refused=round(float(result.refused[index]), 6),
            error=round(float(result.error[index]), 6),
        )
        for index in sorted(indices, reverse=True)
    ]


def read(path: Path) -> Judged:
    """Read a recorded evaluation. Raises RecordedError."""
    return read_as(Judged, path, "there is no recorded evaluation", "is not a recorded evaluation")
