"""A recorded run: the curve and the results of a real training in one small JSON file, with how it was made."""

from functools import lru_cache
from pathlib import Path

from pydantic import Field, ValidationError

from core.experiment import Experiment, explain
from core.spec import Spec


FOLDER = Path(__file__).parents[2] / "pages" / "recorded"
"""What tools/record_*.py made, for lessons."""


class RecordedError(ValueError):
    """A recording that is not there or cannot be read, in one sentence."""


class Epoch(Spec):
    step: int
    loss: float
    accuracy: float
    """Of the validation part."""


class Recorded(Spec):
    """Made by tools/record_runs.py; never written by hand."""

    format: int = 1
    name: str
    experiment: Experiment
    backend: str
    version: str
    """Of the backend's framework."""
    device: str
    date: str
    """ISO."""
    command: str
    """What made it, to be typed again."""
    seconds: float
    """Of training and evaluation."""
    steps: tuple[int, ...] = Field(min_length=1)
    losses: tuple[float, ...] = Field(min_length=1)
    """losses[k] is the mean loss of the steps after steps[k - 1] and up to steps[k]."""
    epochs: tuple[Epoch, ...] = ()
    results: dict[str, dict[str, float]]
    """{"test": {"loss": ..., "accuracy": ...}, ...}"""

    @property
    def label(self) -> str:
        """One line that says what this is: recorded when, on what."""
        return f"recorded {self.date[:10]}, {self.backend} {self.version} on {self.device}, {self.seconds:.0f} s"


def thinned(losses: list[float], points: int) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """At most `points` (step, mean loss since the point before), evenly spread; the last step is the last point."""
    count = len(losses)
    ends = sorted({round(count * (k + 1) / points) for k in range(points)} - {0})
    begins = [0, *ends[:-1]]
    means = [sum(losses[a:b]) / (b - a) for a, b in zip(begins, ends, strict=True)]
    return tuple(ends), tuple(round(mean, 5) for mean in means)


@lru_cache(maxsize=100)
def read(path: Path) -> Recorded:
    try:
        return Recorded.model_validate_json(path.read_text(encoding="utf-8"))
    except OSError:
        raise RecordedError(f"there is no recorded run {path.stem!r}") from None
    except ValidationError as error:
        raise RecordedError(f"{path.name} is no recorded run: {explain(error)}") from None
