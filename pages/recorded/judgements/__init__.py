"""What small real runs said of their test pictures; made by tools/record_judgements.py, read by core.recorded.judged."""

from functools import lru_cache
from pathlib import Path

from core.recorded import judged
from core.recorded.recording import RecordedError


FOLDER = Path(__file__).parent


def names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.json"))


@lru_cache(maxsize=20)
def load(name: str) -> judged.Judged:
    """Raises core.recorded.recording.RecordedError."""
    if name not in names():
        raise RecordedError(f"there is no recorded judgement {name!r}; there are {', '.join(names())}")
    return judged.read(FOLDER / f"{name}.json")
