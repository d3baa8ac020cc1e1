"""The event log of a run: one JSON object a line, appended only; what cannot be read is skipped."""

import json
import math
import os
import time
from pathlib import Path


class EventWriter:
    """Appends events to a file, each in one write. A torn line left by a killed writer is closed off first."""

    def __init__(self, path: Path):
        self._file = open(path, "ab", buffering=0)  # noqa: SIM115 - closed by close()
        if self._file.tell() and not _ends_with_newline(path):
            self._file.write(b"\n")

    def write(self, event: str, **fields) -> dict:
        """Adds the time (seconds since 1970) and returns the event as written."""
        entry = {"event": event, "time": round(time.time(), 3), **fields}
        self._file.write(json.dumps(_finite(entry), separators=(",", ":")).encode() + b"\n")
        return entry

    def close(self) -> None:
        self._file.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


class Tail:
    """Reads a growing log: each `read` returns the events that are new since the last one."""

    def __init__(self, path: Path):
        self.path, self.offset = path, 0

    def read(self) -> list[dict]:
        """Whole lines only: a line still being written waits for the next call."""
        try:
            if os.stat(self.path).st_size <= self.offset:
                return []
            with open(self.path, "rb") as file:
                file.seek(self.offset)
                new = file.read()
        except FileNotFoundError:
            return []
        whole = new.rfind(b"\n") + 1
        self.offset += whole
        return [event for line in new[:whole].splitlines() if (event := _event(line)) is not None]


def _event(line: bytes) -> dict | None:
    try:
        event = json.loads(line)
    except ValueError:
        return None
    return event if isinstance(event, dict) and isinstance(event.get("event"), str) else None


def _ends_with_newline(path: Path) -> bool:
    with open(path, "rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def _finite(value):
    """JSON has no NaN: numbers that are none become null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    return value
