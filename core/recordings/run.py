"""A recorded run: the loss curve and the results of a real training in one small JSON file, with their origin."""

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
    """On the validation set, like the loss."""


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
    """At most `points` pairs (step, mean loss since the previous point), evenly spread; the last one is at the last
    step."""
    count = len(losses)
    ends = sorted({round(count * (k + 1) / points) for k in range(points)} - {0})
    starts = [0, *ends[:-1]]
    means = [sum(losses[a:b]) / (b - a) for a, b in zip(starts, ends, strict=True)]
    return tuple(ends), tuple(round(mean, 5) for mean in means)


@lru_cache(maxsize=100)
def read(path: Path) -> Recorded:
    """Read a recorded run. Raises RecordedError."""
    return read_as(Recorded, path, "there is no recorded run", "is not a recorded run")
