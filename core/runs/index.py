"""The list of all runs: a SQLite index over the run folders, updated on every read. It is only a cache; the folders are
the source of truth."""

import json
import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from core.experiment.experiment import ExperimentError
from core.runs import notes
from core.runs.event_log_state import ENDS, Reading
from core.runs.events import Tail
from core.runs.folder import Run, RunError, runs_folder
from core.runs.grouping import family


FILE = ".index.sqlite"
VERSION = 1
"""The version of `Entry`: entries that another version wrote are read again from the folders."""
SOURCE_FILES = ("run.json", "experiment.json", "events.jsonl", notes.FILE)
DAMAGE_ERRORS = (RunError, ExperimentError, LookupError, TypeError, ValueError, AttributeError, RecursionError)
"""The exceptions that a folder may raise whose files are not those of a run."""


@dataclass(frozen=True)
class Entry:
    """One line of the list."""

    id: str
    name: str
    """The name that the user gave it, or else the title of the experiment."""
    note: str
    backend: str
    device: str
    data: str
    seed: int
    experiment: str
    family: str
    """The experiment's hash without its seed."""
    group: str
    created: str
    state: str
    step: int
    total_steps: int
    seconds: float
    loss: float | None
    """At the last step."""
    validation_accuracy: float | None
    """After the last epoch."""
    test_accuracy: float | None
    """Only for a finished run."""


def listing(folder: Path | None = None) -> list[Entry]:
    """All runs, newest first. Reads only folders that have changed since the last call. A damaged index is deleted; if
    none can be written, the list is built without one."""
    root = folder or runs_folder()
    if not root.is_dir():
        return []
    try:
        return _read(root, root / FILE)
    except sqlite3.OperationalError:
        return _read(root, ":memory:")
    except sqlite3.DatabaseError:
        forget(root)
        return _read(root, ":memory:")


def forget(folder: Path) -> None:
    """Delete the index; the next call of `listing` rebuilds it from the folders."""
    for suffix in ("", "-wal", "-shm"):
        (folder / f"{FILE}{suffix}").unlink(missing_ok=True)


def entry(run: Run) -> Entry:
    """The entry of a run, read from its folder. Raises one of DAMAGE_ERRORS."""
    read = Reading(Tail(run.events_path)).update()
    status, note, experiment = run.status(read), notes.read(run.path), run.experiment
    epochs = [event["validation"] for _, event in sorted(read.epochs.items()) if event["validation"]]
    return Entry(
        id=run.id,
        name=note.name or experiment.title or "untitled",
        note=note.text,
        backend=run.backend,
        device=run.device,
        data=experiment.data.name,
        seed=experiment.seed,
        experiment=experiment.hash,
        family=family(experiment),
        group=run.group,
        created=run.created,
        state=status.state,
        step=status.step,
        total_steps=status.total_steps,
        seconds=status.seconds,
        loss=read.losses[-1] if read.losses else None,
        validation_accuracy=epochs[-1]["accuracy"] if epochs else None,
        test_accuracy=((status.result or {}).get("test") or {}).get("accuracy"),
    )


def _read(root: Path, database: Path | str) -> list[Entry]:
    with closing(sqlite3.connect(database, timeout=2)) as index:
        index.execute("PRAGMA journal_mode = WAL")
        index.execute("CREATE TABLE IF NOT EXISTS runs (id TEXT PRIMARY KEY, signature TEXT, entry TEXT)")
        known = {run_id: rest for run_id, *rest in index.execute("SELECT id, signature, entry FROM runs")}
        signatures = _signatures(root)
        entries, new = _entries(root, signatures, known)
        with index:
            index.executemany("INSERT OR REPLACE INTO runs VALUES (?, ?, ?)", new)
            index.executemany("DELETE FROM runs WHERE id = ?", [(gone,) for gone in known.keys() - signatures.keys()])
    return sorted(entries, key=lambda entry: (entry.created, entry.id), reverse=True)


def _entries(
    root: Path, signatures: dict[str, str], known: dict[str, list[str]]
) -> tuple[list[Entry], list[tuple[str, str, str]]]:
    """All entries, and the rows that are new in the index. A run that has not ended is read every time, because its
    files do not show whether it is still running."""
    entries, new = [], []
    for run_id, signature in signatures.items():
        old_signature, text = known.get(run_id, ("", ""))
        result = Entry(**json.loads(text)) if old_signature == signature else None
        if result is None or result.state not in ENDS:
            try:
                result = entry(Run(root / run_id))
            except DAMAGE_ERRORS:
                continue
            new.append((run_id, signature, json.dumps(vars(result))))
        entries.append(result)
    return entries, new


def _signatures(root: Path) -> dict[str, str]:
    """{run id: sizes and times of the files that an entry is read from}. Folders without run.json are not runs."""
    result = {}
    with os.scandir(root) as folders:
        for folder in folders:
            stamps = [_stamp(f"{folder.path}/{name}") for name in SOURCE_FILES]
            if stamps[0] and not folder.name.startswith("."):
                result[folder.name] = f"{VERSION}:" + ",".join(stamps)
    return result


def _stamp(path: str) -> str:
    try:
        stat = os.stat(path)
    except OSError:
        return ""
    return f"{stat.st_size}-{stat.st_mtime_ns}"
