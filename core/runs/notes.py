"""The user's own name and note for a run, in notes.json of the run folder; run.json itself never changes."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from core.runs.folder import RunError, replace


FILE = "notes.json"
LONGEST_NAME, LONGEST_TEXT = 200, 10_000


@dataclass(frozen=True)
class Notes:
    name: str = ""
    text: str = ""


def read(run: Path) -> Notes:
    """The notes in a run folder. Missing or damaged notes are empty, so they never prevent a run from being read."""
    try:
        result = json.loads((run / FILE).read_text(encoding="utf-8"))
        return Notes(str(result.get("name", ""))[:LONGEST_NAME], str(result.get("text", ""))[:LONGEST_TEXT])
    except (OSError, ValueError, AttributeError, RecursionError):
        return Notes()


def write(run: Path, notes: Notes) -> None:
    """Save the notes. Raises RunError if they are too long or the folder cannot be written."""
    for what, text, longest in (("name", notes.name, LONGEST_NAME), ("note", notes.text, LONGEST_TEXT)):
        if len(text) > longest:
            raise RunError(f"a {what} has at most {longest:,} characters; this one has {len(text):,}")
    try:
        replace(run / FILE, json.dumps(asdict(Notes(" ".join(notes.name.split()), notes.text.strip()))))
    except OSError as error:
        raise RunError(f"the notes of run {run.name} cannot be written: {error.strerror}") from None
