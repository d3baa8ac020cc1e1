"""A recorded run: the curve and the results of a real training in one small JSON file, with how it was made."""

from functools import lru_cache
from pathlib import Path

from pydantic import Field

from core.experiment.experiment import Experiment
from core.recordings.recording import TimedRecording, read_as
from core.spec import Spec


class Epoch(Spec):
    step: int
    loss: float
    accuracy: float
    """Of the validation part."""


class Recorded(TimedRecording):
    """Made by tools.record; never written by hand."""

    experiment: Experiment
    steps: tuple[int, ...] = Field(min_length=1)
    losses: tuple[float, ...] = Field(min_length=1)
    """losses[k] is the mean loss of the steps after steps[k - 1] and up to steps[k]."""
    epochs: tuple[Epoch, ...] = ()
    results: dict[str, dict[str, float]]
    """{"test": {"loss": ..., "accuracy": ...}, ...}"""


def downsampled(losses: list[float], points: int) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """At most `points` (step, mean loss since the point before), evenly spread; the last step is the last point."""
    count = len(losses)
    ends = sorted({round(count * (k + 1) / points) for k in range(points)} - {0})
    begins = [0, *ends[:-1]]
    means = [sum(losses[a:b]) / (b - a) for a, b in zip(begins, ends, strict=True)]
    return tuple(ends), tuple(round(mean, 5) for mean in means)


@lru_cache(maxsize=100)
def read(path: Path) -> Recorded:
    """Raises RecordedError."""
    return read_as(Recorded, path, "there is no recorded run", "is no recorded run")
