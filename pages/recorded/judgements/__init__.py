"""Predictions of small real runs on their test images; made by tools.record, read by core.recordings.evaluation."""

from functools import lru_cache
from pathlib import Path

from core.recordings import evaluation
from core.recordings.recording import RecordedError


FOLDER = Path(__file__).parent


def names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.json"))


@lru_cache(maxsize=20)
def load(name: str) -> evaluation.Judged:
    """Raises core.recordings.recording.RecordedError."""
    if name not in names():
        raise RecordedError(f"there is no recorded judgement {name!r}; choose from {', '.join(names())}")
    return evaluation.read(FOLDER / f"{name}.json")
