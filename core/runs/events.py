"""The event log of a run: one JSON object per line, append-only. Lines that cannot be read are skipped."""

import json
import math
import os
import time
from pathlib import Path
from typing import Any


class EventWriter:
    """Appends events to a file, each in a single write. An incomplete line that a killed process left behind is ended
    first."""

    def __init__(self, path: Path) -> None:
        self._file = open(path, "ab", buffering=0)  # noqa: SIM115 - closed by close()
        if self._file.tell() and not _ends_with_newline(path):
            self._file.write(b"\n")

    def write(self, event: str, **fields: Any) -> dict[str, Any]:
        """Append an event with the current time (seconds since 1970); returns it as written."""
        entry = {"event": event, "time": round(time.time(), 3), **fields}
        self._file.write(json.dumps(_finite(entry), separators=(",", ":")).encode() + b"\n")
        return entry

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> "EventWriter":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Tail:
    """Reads a growing log: each call of `read` returns the events added since the last call."""

    def __init__(self, path: Path) -> None:
        self.path, self.offset = path, 0

    def read(self) -> list[dict[str, Any]]:
        """Only complete lines: a line that is still being written waits for the next call."""
        try:
            if os.stat(self.path).st_size <= self.offset:
                return []
            with open(self.path, "rb") as file:
                file.seek(self.offset)
                new = file.read()
        except FileNotFoundError:
            return []
        complete = new.rfind(b"\n") + 1
        self.offset += complete
        return _events([line for line in new[:complete].split(b"\n") if line and not line.isspace()])


def _events(lines: list[bytes]) -> list[dict[str, Any]]:
    """Parsed together, which takes half the time; one by one if a line is damaged."""
    try:
        entries = json.loads(b"[" + b",".join(lines) + b"]")
        if len(entries) != len(lines):  # two damaged lines that make one entry
            entries = [_parsed(line) for line in lines]
    except (ValueError, RecursionError):
        entries = [_parsed(line) for line in lines]
    return [entry for entry in entries if isinstance(entry, dict) and isinstance(entry.get("event"), str)]


def _parsed(line: bytes) -> Any:
    """The line's JSON; None if it is damaged."""
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _ends_with_newline(path: Path) -> bool:
    with open(path, "rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"


def _finite(value: Any) -> Any:
    """JSON has no NaN or infinity: such numbers become null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(inner) for inner in value]
    return value
