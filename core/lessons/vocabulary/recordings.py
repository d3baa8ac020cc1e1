"""Results of the recorded runs; numbers in the text are read from the recording, never typed."""

from core.recordings import evaluation
from core.recordings.recording import FOLDER
from core.recordings.run import Recorded, read


__all__ = ["recorded_after", "recorded_lowest", "recorded_percent", "recorded_refused"]


def _read(name: str) -> Recorded:
    return read(FOLDER / f"{name}.json")


def recorded_percent(name: str, part: str = "test") -> float:
    """The accuracy on a part ("test", "validation" or "train") at the end of a recorded run, in percent."""
    return 100 * _read(name).results[part]["accuracy"]


def recorded_after(name: str, epoch: int) -> float:
    """The validation accuracy after `epoch` epochs of a recorded run, in percent."""
    return 100 * _read(name).epochs[epoch - 1].accuracy


def recorded_lowest(name: str, first: int, last: int) -> float:
    """The lowest validation accuracy of a recorded run from epoch `first` to epoch `last` inclusive, in percent."""
    return min(recorded_after(name, epoch) for epoch in range(first, last + 1))


def recorded_refused(name: str, error: float) -> float:
    """The smallest share of test images to refuse so that at most `error` of the other answers are wrong.

    Both are in percent; `name` is a recorded evaluation.
    """
    curve = evaluation.read(FOLDER / "judgements" / f"{name}.json").rejection
    return min(100 * point.refused for point in curve if 100 * point.error <= error)
