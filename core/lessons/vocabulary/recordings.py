"""What the recorded runs of the lessons came to: measured numbers in the text are read, never typed."""

from core.recordings import evaluation
from core.recordings.recording import FOLDER
from core.recordings.run import Recorded, read


__all__ = ["recorded_after", "recorded_lowest", "recorded_percent", "recorded_refused"]


def _read(name: str) -> Recorded:
    return read(FOLDER / f"{name}.json")


def recorded_percent(name: str, part: str = "test") -> float:
    """Accuracy of a part ("test", "validation" or "train") at the end of a recorded run, in percent."""
    return 100 * _read(name).results[part]["accuracy"]


def recorded_after(name: str, epoch: int) -> float:
    """Validation accuracy after so many epochs of a recorded run, in percent."""
    return 100 * _read(name).epochs[epoch - 1].accuracy


def recorded_lowest(name: str, first: int, last: int) -> float:
    """The lowest validation accuracy of a recorded run in the epochs from `first` to `last`, both counted, in percent."""
    return min(recorded_after(name, epoch) for epoch in range(first, last + 1))


def recorded_refused(name: str, error: float) -> float:
    """The least share of its test images that a recorded judgement's network must refuse so that at most `error` of its
    other answers is wrong, both in percent."""
    result = evaluation.read(FOLDER / "judgements" / f"{name}.json").rejection
    return min(100 * point.refused for point in result if 100 * point.error <= error)
