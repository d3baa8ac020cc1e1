"""A recorded judgement: what a really trained network said of its test images, summed up in one small JSON file."""

from pathlib import Path

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
    """The share of wrong answers among those that are kept."""


class Judged(Recording):
    """Made by tools.record; never written by hand."""

    experiment: Experiment
    images: int
    matrix: tuple[tuple[int, ...], ...]
    """(K, K) counts, rows the truth."""
    top: tuple[float, ...]
    """top[k - 1] is the share whose right class is among the first k guesses."""
    rejection: tuple[Point, ...] = Field(min_length=1)
    """From none refused to a quarter."""

    @property
    def label(self) -> str:
        """One line that says what this is: recorded when, on what."""
        return f"{self.made}, {self.images:,} test images"


def summed_up(judged: Evaluation) -> dict:
    """The fields of Judged that are measured."""
    return {
        "images": len(judged.labels),
        "matrix": judged.matrix.tolist(),
        "top": [round(top_k(judged.logits, judged.labels, k), 6) for k in range(1, judged.classes + 1)],
        "rejection": downsampled(judged.confidence, judged.right),
    }


def downsampled(confidence: Array, right: Array) -> list[Point]:
    """At most POINTS, evenly spread over the share refused, and each one a threshold that occurs."""
    result = rejection(confidence, right)
    positions = {int(np.argmin(np.abs(result.refused - share))) for share in np.linspace(0, MOST_REFUSED, POINTS)}
    return [
        Point(
            threshold=round(float(result.thresholds[position]), 6),
            refused=round(float(result.refused[position]), 6),
            error=round(float(result.error[position]), 6),
        )
        for position in sorted(positions, reverse=True)
    ]


def read(path: Path) -> Judged:
    """Raises RecordedError."""
    return read_as(Judged, path, "there is no recorded judgement", "is no recorded judgement")
