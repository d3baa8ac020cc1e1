"""A measured table: what several real trainings came to, as small lists of numbers in one JSON file."""

from functools import lru_cache
from pathlib import Path

from pydantic import Field, ValidationError

from core.experiment import Experiment, explain
from core.recorded.run import RecordedError
from core.spec import Spec


class Measured(Spec):
    """Made by tools/record_measured.py; never written by hand."""

    format: int = 1
    name: str
    what: str
    """One sentence: what was trained and what was asked."""
    experiment: Experiment | None = None
    """The training that all others differ from as `what` says; None where no network was trained."""
    backend: str
    """What computed it: a backend's name, or the library's where no network was trained."""
    version: str
    """Of the framework or library that `backend` names."""
    device: str
    date: str
    """ISO."""
    command: str
    """What made it, to be typed again."""
    seconds: float
    numbers: dict[str, list] = Field(min_length=1)
    """Lists, of lists where there are several axes."""

    @property
    def label(self) -> str:
        """One line that says what this is: recorded when, on what."""
        return f"recorded {self.date[:10]}, {self.backend} {self.version} on {self.device}, {self.seconds:.0f} s"


@lru_cache(maxsize=100)
def read(path: Path) -> Measured:
    """Raises RecordedError."""
    try:
        return Measured.model_validate_json(path.read_text(encoding="utf-8"))
    except OSError:
        raise RecordedError(f"there is no measured table {path.stem!r}") from None
    except ValidationError as error:
        raise RecordedError(f"{path.name} is no measured table: {explain(error)}") from None
