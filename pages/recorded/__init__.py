"""Small real runs that lessons replay; made by tools/record_runs.py, read by core.recorded.run."""

from functools import lru_cache
from pathlib import Path

from core.recorded import run as recorded
from core.recorded.recording import RecordedError


FOLDER = Path(__file__).parent


def names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.json"))


@lru_cache(maxsize=100)
def load(name: str) -> recorded.Recorded:
    """Raises core.recorded.recording.RecordedError."""
    if name not in names():
        raise RecordedError(f"there is no recorded run {name!r}; there are {', '.join(names())}")
    return recorded.read(FOLDER / f"{name}.json")
