"""Measured tables for lessons, from several real trainings each; made by tools.record, read by core.recordings."""

from pathlib import Path

from core.recordings import tables


FOLDER = Path(__file__).parent


def names() -> list[str]:
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def load(name: str) -> tables.Measured:
    """Raises core.recordings.recording.RecordedError."""
    return tables.read(FOLDER / f"{name}.json")
