"""Small arrays from real trainings that lessons show; made by tools.record, read by core.recordings.arrays."""

from pathlib import Path

from core.recordings import arrays as recorded_arrays


FOLDER = Path(__file__).parent


def load(name: str) -> recorded_arrays.RecordedArrays:
    """Raises core.recordings.recording.RecordedError."""
    return recorded_arrays.read(FOLDER / f"{name}.json")
