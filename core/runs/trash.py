"""Deleting a run moves its folder into the trash beside the others; undoing moves it back."""

import shutil
from pathlib import Path

from core.runs.event_log_state import forget
from core.runs.folder import Run, RunError, runs_folder


FOLDER = ".trash"


def delete(run: Run) -> None:
    """Raises RunError when it has not ended, or cannot be moved."""
    status = run.status()
    if not status.ended:
        raise RunError(f"run {run.id} is {status.state}; stop it first, then it can be deleted")
    _move(run.path, run.path.parent / FOLDER / run.id)


def restore(run_id: str, folder: Path | None = None) -> None:
    """Raises RunError when it is not in the trash, or a run of its name has come in the meantime."""
    root = folder or runs_folder()
    if run_id not in deleted(root):
        raise RunError(f"run {run_id} is not in the trash")
    _move(root / FOLDER / run_id, root / run_id)


def deleted(folder: Path | None = None) -> list[str]:
    """What is in the trash, newest run first."""
    trash = (folder or runs_folder()) / FOLDER
    return sorted((path.parent.name for path in trash.glob("*/run.json")), reverse=True)


def empty(folder: Path | None = None) -> None:
    """For good."""
    shutil.rmtree((folder or runs_folder()) / FOLDER, ignore_errors=True)


def _move(here: Path, there: Path) -> None:
    if there.exists():
        raise RunError(f"there is already a run {there.name} in {there.parent}; nothing was moved")
    try:
        there.parent.mkdir(exist_ok=True)
        here.rename(there)
    except OSError as error:
        raise RunError(f"run {here.name} cannot be moved to {there.parent}: {error.strerror}") from None
    forget(here / "events.jsonl")
