"""Import runs from a zip: they are unpacked and checked in a temporary folder first, and nothing is overwritten."""

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
"""Limits for an unpacked zip."""
MOST_TEXT = 1_000_000
"""Limit in bytes for each of the small files."""
SMALL = ("run.json", "experiment.json", "notes.json", "robustness.json")
MOST_STEPS = 10_000_000
RUN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,119}")
RUN_FILE = re.compile(
    r"(run\.json|experiment\.json|notes\.json|robustness\.json|events\.jsonl|log\.txt|preparation\.safetensors"
    r"|state/(history/)?step-\d{8,12}\.safetensors|predictions/(train|validation|test)\.safetensors)"
)
"""Any other file in the zip is ignored."""
UNPACKING_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    OSError,
)


def unpack(content: bytes, folder: Path | None = None) -> list[str]:
    """Add the runs in a zip to the folder and return their ids. Raises RunError, and then adds none."""
    root = folder or runs_folder()
    try:
        root.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=root, prefix=".import-") as temporary:
            runs = _write(_files(content), Path(temporary))
            for run in runs:
                _check_new(run.id, root)
                _check_whole(run)
            for run in runs:
                run.path.rename(root / run.id)
    except OSError as error:
        raise RunError(f"the runs cannot be written to {root}: {error.strerror or error}") from None
    return [run.id for run in runs]


def _files(content: bytes) -> Iterator[tuple[str, str, bytes]]:
    """(run id, path inside the run folder, content) of every file of a run."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_size(entries)
            for entry in entries:
                run_id, _, name = _safe(entry).partition("/")
                if RUN_NAME.fullmatch(run_id) and RUN_FILE.fullmatch(name):
                    if name in SMALL and entry.file_size > MOST_TEXT:
                        raise RunError(
                            f"{entry.filename} is larger than {MOST_TEXT:,} bytes; no file of a run is that large"
                        )
                    yield run_id, name, archive.read(entry)
    except UNPACKING_ERRORS as error:
        if isinstance(error, RunError):
            raise
        raise RunError(
            f"this is not a zip that can be read: it is damaged, encrypted or another kind of file ({error})"
        ) from None


def _check_size(entries: list[zipfile.ZipInfo]) -> None:
    """Check the declared sizes before unpacking; zipfile never returns more of a file than its entry declares."""
    declared = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_FILES or declared > MOST_BYTES:
        raise RunError(
            f"the zip would unpack to {len(entries):,} files and {declared:,} bytes; "
            f"at most {MOST_FILES:,} files and {MOST_BYTES:,} bytes are allowed"
        )


def _safe(entry: zipfile.ZipInfo) -> str:
    """The entry's name, if it stays inside the folder that the zip is unpacked to."""
    name = entry.filename
    if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
        raise RunError(f"the zip wants to write outside its folder ({name!r}); nothing was imported")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise RunError(f"the zip contains a link to another file ({name!r}); nothing was imported")
    return name


def _write(files: Iterator[tuple[str, str, bytes]], folder: Path) -> list[Run]:
    runs = {}
    for run_id, name, content in files:
        path = folder / run_id / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        runs[run_id] = Run(folder / run_id)
    if not runs:
        raise RunError("there is no run in this zip: a run is a folder with run.json, experiment.json and events.jsonl")
    return list(runs.values())


def _check_new(run_id: str, root: Path) -> None:
    if (root / run_id).exists():
        raise RunError(f"run {run_id} already exists here; nothing was overwritten")
    if run_id in trash.deleted(root):
        raise RunError(f"run {run_id} is in the trash; restore it from there")


def _check_whole(run: Run) -> None:
    """Check that the pages can read everything they need from the run. A run that was exported while it was running is
    marked as ended."""
    for name in ("run.json", "experiment.json", "events.jsonl"):
        if not (run.path / name).is_file():
            raise RunError(f"{run.id} is not a complete run: its {name} is missing")
    try:
        _read_all(run)
    except Exception as error:  # a file from elsewhere may raise anything
        raise RunError(f"run {run.id} cannot be read: {error}") from None
    if (run.reading.last or {}).get("event") not in ENDS:
        run.leave_queue("it was still running when it was exported")
    forget(run.events_path)


def _read_all(run: Run) -> None:
    if any(isinstance(step := event.get("step"), int) and step > MOST_STEPS for event in run.events()):
        raise ValueError(f"an event reports more than {MOST_STEPS:,} steps")
    entry, status = index.entry(run), run.status()
    datetime.fromisoformat(entry.created)
    texts = (entry.backend, entry.device, entry.group, status.reason)
    if not all(isinstance(text, str) for text in texts) or not RUN_NAME.fullmatch(entry.backend):
        raise ValueError("its run.json does not name a backend, a device and a group")
    result = status.result or {}
    scores = [epoch["validation"] for epoch in run.epochs()]
    scores += [result.get(part) for part in ("train", "validation", "test")]
    numbers = [value for score in scores if score for value in score.values() if value is not None]
    if not np.all(np.isfinite([*numbers, status.total_steps, status.step, status.seconds])):
        raise ValueError("a number in its events is not finite")
    run.curve()
