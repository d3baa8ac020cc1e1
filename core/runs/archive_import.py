"""Runs out of a zip: everything is checked aside before a folder appears among the runs, and nothing is overwritten."""

import io
import lzma
import re
import stat
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import numpy as np

from core.runs import index, trash
from core.runs.event_log_state import ENDS, forget
from core.runs.folder import Run, RunError, runs_folder


MOST_FILES, MOST_BYTES = 20_000, 1_000_000_000
"""Of an unpacked zip."""
MOST_TEXT = 1_000_000
"""Bytes of each of the small files."""
SMALL = ("run.json", "experiment.json", "notes.json", "robustness.json")
MOST_STEPS = 10_000_000
NAMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,119}")
OF_A_RUN = re.compile(
    r"(run\.json|experiment\.json|notes\.json|robustness\.json|events\.jsonl|log\.txt|state/step-\d{8,12}\.safetensors"
    r"|predictions/(train|validation|test)\.safetensors)"
)
"""Any other file in the zip is left in it."""
UNPACKING = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, NotImplementedError, OSError)


def unpack(content: bytes, folder: Path | None = None) -> list[str]:
    """The ids of the runs that have been added to the folder. Raises RunError, and then none has."""
    root = folder or runs_folder()
    try:
        root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=root, prefix=".import-") as aside:
            result = _write(_files(content), Path(aside))
            for run in result:
                _check_new(run.id, root)
                _check_whole(run)
            for run in result:
                run.path.rename(root / run.id)
    except OSError as error:
        raise RunError(f"the runs cannot be written to {root}: {error.strerror or error}") from None
    return [run.id for run in result]


def _files(content: bytes) -> Iterator[tuple[str, str, bytes]]:
    """(run, name inside it, content) of every file of a run."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_size(entries)
            for entry in entries:
                run_id, _, name = _safe(entry).partition("/")
                if NAMED.fullmatch(run_id) and OF_A_RUN.fullmatch(name):
                    if name in SMALL and entry.file_size > MOST_TEXT:
                        raise RunError(f"{entry.filename} is larger than {MOST_TEXT:,} bytes, which no run's is")
                    yield run_id, name, archive.read(entry)
    except UNPACKING as error:
        if isinstance(error, RunError):
            raise
        raise RunError(
            f"this is not a zip that can be read: it is damaged, locked or something else ({error})"
        ) from None


def _check_size(entries: list[zipfile.ZipInfo]) -> None:
    """Before anything is unpacked; zipfile never gives more of a file than its entry declares."""
    declared = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_FILES or declared > MOST_BYTES:
        raise RunError(
            f"the zip would unpack to {len(entries):,} files and {declared:,} bytes; "
            f"at most {MOST_FILES:,} files and {MOST_BYTES:,} bytes are taken"
        )


def _safe(entry: zipfile.ZipInfo) -> str:
    """Its name, when that stays inside the folder it is unpacked to."""
    name = entry.filename
    if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
        raise RunError(f"the zip wants to write outside its folder ({name!r}); nothing was taken from it")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise RunError(f"the zip holds a link to another file ({name!r}); nothing was taken from it")
    return name


def _write(files: Iterator[tuple[str, str, bytes]], aside: Path) -> list[Run]:
    result = {}
    for run_id, name, content in files:
        path = aside / run_id / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        result[run_id] = Run(aside / run_id)
    if not result:
        raise RunError("there is no run in this zip: a run is a folder with run.json, experiment.json and events.jsonl")
    return list(result.values())


def _check_new(run_id: str, root: Path) -> None:
    if (root / run_id).exists():
        raise RunError(f"run {run_id} is here already; nothing was overwritten")
    if run_id in trash.deleted(root):
        raise RunError(f"run {run_id} is in the trash; bring it back from there")


def _check_whole(run: Run) -> None:
    """Everything a page will ask of the run can be read; one that was exported while it ran is ended."""
    for name in ("run.json", "experiment.json", "events.jsonl"):
        if not (run.path / name).is_file():
            raise RunError(f"{run.id} is not a whole run: its {name} is missing")
    try:
        _read_all(run)
    except Exception as error:  # whatever a stranger's file makes our reading do
        raise RunError(f"run {run.id} cannot be read: {error}") from None
    if (run.reading.last or {}).get("event") not in ENDS:
        run.leave_queue("it was still running where it was exported")
    forget(run.events_path)


def _read_all(run: Run) -> None:
    if any(isinstance(step := event.get("step"), int) and step > MOST_STEPS for event in run.events()):
        raise ValueError(f"an event tells of more than {MOST_STEPS:,} steps")
    entry, status = index.entry(run), run.status()
    datetime.fromisoformat(entry.created)
    words = (entry.backend, entry.device, entry.group, status.reason)
    if not all(isinstance(word, str) for word in words) or not NAMED.fullmatch(entry.backend):
        raise ValueError("its run.json names no backend, device and group")
    result = status.result or {}
    measured = [epoch["validation"] for epoch in run.epochs()]
    measured += [result.get(part) for part in ("train", "validation", "test")]
    numbers = [value for score in measured if score for value in score.values() if value is not None]
    if not np.all(np.isfinite([*numbers, status.total_steps, status.step, status.seconds])):
        raise ValueError("a number in its events is none")
    run.curve()
