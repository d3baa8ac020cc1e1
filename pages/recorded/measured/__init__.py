"""Measured tables of lessons: several real trainings each; made by tools/record_measured.py, read by core.recorded.measured."""

from pathlib import Path

from core.recorded import measured


FOLDER = Path(__file__).parent


def names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def load(name: str) -> measured.Measured:
    """Raises core.recorded.recording.RecordedError."""
    return measured.read(FOLDER / f"{name}.json")
