"""Writes a recording: the computed fields, with the date and the command that made it."""

import time
from datetime import UTC, datetime

from tools.record.contents import CONTENTS, path


def record(name: str) -> str:
    """Compute one recording and write its file. Returns one line about the file. Raises DataError if the data are
    missing, RunError if a training fails."""
    entry, begun = CONTENTS[name], time.perf_counter()
    fields = entry.make()
    about = {
        "name": name,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": command(name),
        "seconds": round(time.perf_counter() - begun, 1),
    }
    recording = entry.kind(**{key: value for key, value in about.items() if key in entry.kind.model_fields} | fields)
    file = path(name)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(recording.model_dump_json() + "\n", encoding="utf-8")
    return f"{file}: {file.stat().st_size:,} bytes, {about['seconds']} s"


def command(name: str) -> str:
    """The command that makes the file again."""
    return f"python -m tools.record {name}"
