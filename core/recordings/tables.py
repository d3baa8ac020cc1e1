"""A measured table: what several real trainings came to, as small lists of numbers in one JSON file."""

from functools import lru_cache
from pathlib import Path

from pydantic import Field

from core.experiment.experiment import Experiment
from core.recordings.recording import TimedRecording, read_as


class Measured(TimedRecording):
    """Made by tools.record; never written by hand."""

    what: str
    """One sentence: what was trained and what was asked."""
    experiment: Experiment | None = None
    """The training that all others differ from as `what` says; None where no network was trained."""
    backend: str
    """What computed it: a backend's name, or the library's where no network was trained."""
    version: str
    """Of the framework or library that `backend` names."""
    numbers: dict[str, list] = Field(min_length=1)
    """Lists, of lists where there are several axes."""


@lru_cache(maxsize=100)
def read(path: Path) -> Measured:
    """Raises RecordedError."""
    return read_as(Measured, path, "there is no measured table", "is no measured table")
