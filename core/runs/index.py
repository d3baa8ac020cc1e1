"""The list of all runs: a SQLite index over the folders, brought up to date at every look; never the truth."""

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
"""Of `Entry`: what another version has written is read anew from the folders."""
WATCHED = ("run.json", "experiment.json", "events.jsonl", notes.FILE)
DAMAGED = (RunError, ExperimentError, LookupError, TypeError, ValueError, AttributeError, RecursionError)
"""What a folder raises whose files are not those of a run."""


@dataclass(frozen=True)
class Entry:
    """One line of the list."""

    id: str
    name: str
    """Given by a person, else the experiment's title."""
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
    """Of a finished run."""


def listing(folder: Path | None = None) -> list[Entry]:
    """Newest first. Only folders that changed since the last look are read; a damaged index is thrown away, and where
    none can be written the list is made without one."""
    root = folder or runs_folder()
    if not root.is_dir():
        return []
    try:
        return _look(root, root / FILE)
    except sqlite3.OperationalError:
        return _look(root, ":memory:")
    except sqlite3.DatabaseError:
        forget(root)
        return _look(root, ":memory:")


def forget(folder: Path) -> None:
    """The next look makes the index anew from the folders."""
    for end in ("", "-wal", "-shm"):
        (folder / f"{FILE}{end}").unlink(missing_ok=True)


def entry(run: Run) -> Entry:
    """Read from the run folder. Raises one of DAMAGED."""
    read = Reading(Tail(run.events_path)).update()
    status, said, experiment = run.status(read), notes.read(run.path), run.experiment
    epochs = [event["validation"] for _, event in sorted(read.epochs.items()) if event["validation"]]
    return Entry(
        id=run.id,
        name=said.name or experiment.title or "untitled",
        note=said.text,
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


def _look(root: Path, position: Path | str) -> list[Entry]:
    with closing(sqlite3.connect(position, timeout=2)) as index:
        index.execute("PRAGMA journal_mode = WAL")
        index.execute("CREATE TABLE IF NOT EXISTS runs (id TEXT PRIMARY KEY, signature TEXT, entry TEXT)")
        known = {run_id: rest for run_id, *rest in index.execute("SELECT id, signature, entry FROM runs")}
        signatures = _signatures(root)
        entries, new = _entries(root, signatures, known)
        with index:
            index.executemany("INSERT OR REPLACE INTO runs VALUES (?, ?, ?)", new)
            index.executemany("DELETE FROM runs WHERE id = ?", [(gone,) for gone in known.keys() - signatures.keys()])
    return sorted(entries, key=lambda entry: (entry.created, entry.id), reverse=True)


def _entries(root: Path, signatures: dict[str, str], known: dict[str, list[str]]) -> tuple[list[Entry], list[tuple]]:
    """All of them, and the rows that are new in the index. A run that has not ended is always read: whether it still
    runs is not in its files."""
    entries, new = [], []
    for run_id, signature in signatures.items():
        was, text = known.get(run_id, ("", ""))
        result = Entry(**json.loads(text)) if was == signature else None
        if result is None or result.state not in ENDS:
            try:
                result = entry(Run(root / run_id))
            except DAMAGED:
                continue
            new.append((run_id, signature, json.dumps(vars(result))))
        entries.append(result)
    return entries, new


def _signatures(root: Path) -> dict[str, str]:
    """By run: size and time of the files an entry is made of. A signature of a missing run.json is no run's."""
    result = {}
    with os.scandir(root) as folders:
        for folder in folders:
            stamps = [_stamp(f"{folder.path}/{name}") for name in WATCHED]
            if stamps[0] and not folder.name.startswith("."):
                result[folder.name] = f"{VERSION}:" + ",".join(stamps)
    return result


def _stamp(path: str) -> str:
    try:
        seen = os.stat(path)
    except OSError:
        return ""
    return f"{seen.st_size}-{seen.st_mtime_ns}"
