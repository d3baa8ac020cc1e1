"""Small real runs that lessons replay; made by tools.record, read by core.recordings.run."""

from functools import lru_cache
from pathlib import Path

from core.recordings import run as recorded
from core.recordings.recording import RecordedError


FOLDER = Path(__file__).parent


def names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.json"))


@lru_cache(maxsize=100)
def load(name: str) -> recorded.Recorded:
    """Raises core.recordings.recording.RecordedError."""
    if name not in names():
        raise RecordedError(f"there is no recorded run {name!r}; choose from {', '.join(names())}")
    return recorded.read(FOLDER / f"{name}.json")
