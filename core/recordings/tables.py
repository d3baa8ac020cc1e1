"""A measured table: the results of several real trainings, as small lists of numbers in one JSON file."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import Field

from core.experiment.experiment import Experiment
from core.recordings.recording import TimedRecording, read_as


class Measured(TimedRecording):
    """Made by tools.record; never written by hand."""

    what: str
    """One sentence: what was trained and what was measured."""
    experiment: Experiment | None = None
    """The training that the others vary, as `what` describes; None if no network was trained."""
    backend: str
    """The backend that computed it, or the library if no network was trained."""
    version: str
    """The version of the framework or library in `backend`."""
    numbers: dict[str, list[Any]] = Field(min_length=1)
    """Lists of numbers, nested if there are several axes."""


@lru_cache(maxsize=100)
def read(path: Path) -> Measured:
    """Read a measured table. Raises RecordedError."""
    return read_as(Measured, path, "there is no measured table", "is not a measured table")
