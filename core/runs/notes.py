"""What a person says of a run: a name and a note, beside the run in notes.json; run.json stays as it was written."""

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
    """Of a run folder. What is missing or damaged is empty: notes never keep a run from being read."""
    try:
        result = json.loads((run / FILE).read_text(encoding="utf-8"))
        return Notes(str(result.get("name", ""))[:LONGEST_NAME], str(result.get("text", ""))[:LONGEST_TEXT])
    except (OSError, ValueError, AttributeError, RecursionError):
        return Notes()


def write(run: Path, notes: Notes) -> None:
    """Raises RunError when they are too long or the folder cannot be written."""
    for what, words, longest in (("name", notes.name, LONGEST_NAME), ("note", notes.text, LONGEST_TEXT)):
        if len(words) > longest:
            raise RunError(f"a {what} has at most {longest:,} characters; this one has {len(words):,}")
    try:
        replace(run / FILE, json.dumps(asdict(Notes(" ".join(notes.name.split()), notes.text.strip()))))
    except OSError as error:
        raise RunError(f"the notes of run {run.name} cannot be written: {error.strerror}") from None
