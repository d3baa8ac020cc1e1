"""The trash: deleting a run moves its folder there, restoring it moves the folder back."""

import shutil
from pathlib import Path

from core.runs.event_log_state import forget
from core.runs.folder import Run, RunError, runs_folder


FOLDER = ".trash"


def delete(run: Run) -> None:
    """Move a run to the trash. Raises RunError if it has not ended or cannot be moved."""
    status = run.status()
    if not status.ended:
        raise RunError(f"run {run.id} is {status.state}; stop it first, then delete it")
    _move(run.path, run.path.parent / FOLDER / run.id)


def restore(run_id: str, folder: Path | None = None) -> None:
    """Move a run back. Raises RunError if it is not in the trash, or if there is another run with its id."""
    root = folder or runs_folder()
    if run_id not in deleted(root):
        raise RunError(f"run {run_id} is not in the trash")
    _move(root / FOLDER / run_id, root / run_id)


def deleted(folder: Path | None = None) -> list[str]:
    """The ids of the runs in the trash, newest first."""
    trash = (folder or runs_folder()) / FOLDER
    return sorted((path.parent.name for path in trash.glob("*/run.json")), reverse=True)


def empty(folder: Path | None = None) -> None:
    """Delete everything in the trash permanently."""
    shutil.rmtree((folder or runs_folder()) / FOLDER, ignore_errors=True)


def _move(source: Path, target: Path) -> None:
    if target.exists():
        raise RunError(f"there is already a run {target.name} in {target.parent}; nothing was moved")
    try:
        target.parent.mkdir(exist_ok=True)
        source.rename(target)
    except OSError as error:
        raise RunError(f"run {source.name} cannot be moved to {target.parent}: {error.strerror}") from None
    forget(source / "events.jsonl")
