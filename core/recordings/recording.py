"""What every recording of a real training says of itself, and how one is read from its small JSON file."""

from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from core.experiment.messages import explain
from core.spec import Spec


FOLDER = Path(__file__).parents[2] / "pages" / "recorded"
"""What tools.record made, for lessons."""


class RecordedError(ValueError):
    """A recording that is not there or cannot be read, in one sentence."""


class Recording(Spec):
    """Made by tools.record; never written by hand."""

    format: int = 1
    name: str
    backend: str
    version: str
    """Of the backend's framework."""
    device: str
    date: str
    """ISO."""
    command: str
    """What made it, to be typed again."""

    @property
    def made(self) -> str:
        """When, and on what."""
        return f"recorded {self.date[:10]}, {self.backend} {self.version} on {self.device}"


class TimedRecording(Recording):
    seconds: float
    """Of training and evaluation."""

    @property
    def label(self) -> str:
        """One line that says what this is: recorded when, on what."""
        return f"{self.made}, {self.seconds:.0f} s"


Kind = TypeVar("Kind", bound=Recording)


def read_as(kind: type[Kind], path: Path, missing: str, wrong: str) -> Kind:
    """Raises RecordedError: `missing` and the file's name where there is no file, its name and `wrong` where it holds
    something else."""
    try:
        return kind.model_validate_json(path.read_text(encoding="utf-8"))
    except OSError:
        raise RecordedError(f"{missing} {path.stem!r}") from None
    except ValidationError as error:
        raise RecordedError(f"{path.name} {wrong}: {explain(error)}") from None
