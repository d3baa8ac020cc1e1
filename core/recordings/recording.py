"""The fields that every recording of a real training has, and how to read one from its JSON file."""

from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from core.experiment.messages import explain
from core.spec import Spec


FOLDER = Path(__file__).parents[2] / "pages" / "recorded"
"""The recordings that tools.record wrote, for the lessons."""


class RecordedError(ValueError):
    """A recording does not exist or cannot be read; the message says so in one sentence."""


class Recording(Spec):
    """Made by tools.record; never written by hand."""

    format: int = 1
    name: str
    backend: str
    version: str
    """The version of the backend's framework."""
    device: str
    date: str
    """ISO 8601."""
    command: str
    """The command that made it; type it to repeat the recording."""

    @property
    def made(self) -> str:
        """When and on what it was recorded."""
        return f"recorded {self.date[:10]}, {self.backend} {self.version} on {self.device}"


class TimedRecording(Recording):
    seconds: float
    """Time of training and evaluation."""

    @property
    def label(self) -> str:
        """One line for the user: when and on what it was recorded, and how long it took."""
        return f"{self.made}, {self.seconds:.0f} s"


Kind = TypeVar("Kind", bound=Recording)


def read_as(kind: type[Kind], path: Path, missing: str, wrong: str) -> Kind:
    """Read a recording. Raises RecordedError: `missing` and the file's name if there is no such file, its name and
    `wrong` if it contains something else."""
    try:
        return kind.model_validate_json(path.read_text(encoding="utf-8"))
    except OSError:
        raise RecordedError(f"{missing} {path.stem!r}") from None
    except ValidationError as error:
        raise RecordedError(f"{path.name} {wrong}: {explain(error)}") from None
