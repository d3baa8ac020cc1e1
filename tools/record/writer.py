"""Writes a recording: the fields that were computed, with when and by which command."""

import time
from datetime import UTC, datetime

from tools.record.contents import CONTENTS, path


def record(name: str) -> str:
    """Computes one recording and writes its file. Returns a line that says what was written. Raises DataError where the
    data are missing, RunError where a training fails."""
    entry, begun = CONTENTS[name], time.perf_counter()
    fields = entry.make()
    about = {
        "name": name,
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": command(name),
        "seconds": round(time.perf_counter() - begun, 1),
    }
    made = entry.kind(**{key: value for key, value in about.items() if key in entry.kind.model_fields} | fields)
    file = path(name)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(made.model_dump_json() + "\n", encoding="utf-8")
    return f"{file}: {file.stat().st_size:,} bytes, {about['seconds']} s"


def command(name: str) -> str:
    """What makes the file again."""
    return f"python -m tools.record {name}"
