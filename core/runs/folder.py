"""The run folder: the paths in it, the state of a run, and requests to it."""

import json
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from core.arrays import Array
from core.backend import State
from core.data import catalogue
from core.data.dataset import DataError
from core.data.preparation.scaling import FittedScaling, fit
from core.data.prepared import chosen_rows
from core.experiment import experiment as experiments
from core.experiment.experiment import Experiment, ExperimentError
from core.runs import history, preparation, snapshots
from core.runs.event_log_state import ENDS, Reading, reading
from core.runs.events import EventWriter, Tail


CLAIM_SECONDS = 10
"""A claim file older than this belongs to a process that died while taking the run."""


class RunError(RuntimeError):
    """A run does not exist, cannot be read or cannot do what was requested; the message says so in one sentence."""


@dataclass(frozen=True)
class Status:
    """The state and the progress of a run."""

    state: str
    """waiting, starting, running, paused, finished, stopped or failed"""
    reason: str
    step: int
    total_steps: int
    epoch: int
    epochs: int
    seconds: float
    """Time spent training and evaluating so far."""
    seconds_left: float | None
    result: dict[str, Any] | None
    """{"train": {"loss", "accuracy"}, "validation": ..., "test": ...} if the run has finished."""

    @property
    def ended(self) -> bool:
        return self.state in ENDS


class Run:
    """One run folder. The object holds no state that is not on disk."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.id = path.name
        self.log_path = path / "log.txt"
        self.events_path = path / "events.jsonl"
        self.state_path = path / "state"
        self.predictions_path = path / "predictions"

    @cached_property
    def experiment(self) -> Experiment:
        return experiments.read(self.path / "experiment.json")

    @cached_property
    def about(self) -> dict[str, str]:
        """{"backend", "device", "created", "group"}, as written when the run was created."""
        try:
            about = json.loads((self.path / "run.json").read_text(encoding="utf-8"))
            return {key: str(about[key]) for key in ("backend", "device", "created", "group")}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise RunError(f"run {self.id} cannot be read: its run.json is missing or damaged ({error!r})") from None

    @property
    def backend(self) -> str:
        return self.about["backend"]

    @property
    def device(self) -> str:
        return self.about["device"]

    @property
    def created(self) -> str:
        """UTC, ISO 8601."""
        return self.about["created"]

    @property
    def group(self) -> str:
        """The same for all runs that were started together."""
        return self.about["group"]

    # --- reading

    @property
    def reading(self) -> Reading:
        return reading(self.events_path)

    @property
    def trained_by(self) -> str:
        """The backend that trained the run last; before the first step, the one it was created for."""
        return self.reading.backends[-1] if self.reading.backends else self.backend

    def events(self) -> list[dict[str, Any]]:
        return Tail(self.events_path).read()

    def curve(self) -> tuple[Array, Array]:
        """(steps from 1, losses); steps repeated after a resume appear once."""
        return self.reading.curve()

    def epochs(self) -> list[dict[str, Any]]:
        """One entry per epoch: epoch, step, training_loss (mean over its steps), validation, seconds."""
        read = self.reading
        losses, entries = np.asarray(read.losses), []
        for number, event in sorted(read.epochs.items()):
            start = (number - 1) * read.steps_per_epoch
            mean = float(np.mean(losses[start : event["step"]])) if len(losses) > start else None
            entries.append({**event, "training_loss": mean})
        return entries

    def log(self) -> str:
        try:
            return self.log_path.read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return ""

    def status(self, read: Reading | None = None) -> Status:
        """The status according to `read`; by default, the state that this process keeps up to date."""
        read = read or self.reading
        state, reason = self._state(read)
        recipe, last = self.experiment.training, read.last or {}
        seconds_per_step = read.seconds_per_step()
        left = None if seconds_per_step is None or state in ENDS else seconds_per_step * (read.total_steps - read.step)
        return Status(
            state=state,
            reason=reason,
            step=read.step,
            total_steps=read.total_steps,
            epoch=min(read.step // read.steps_per_epoch + 1, recipe.epochs) if read.step else 0,
            epochs=recipe.epochs,
            seconds=read.seconds,
            seconds_left=left,
            result=last.get("result") if state in ENDS else None,
        )

    @property
    def can_resume(self) -> bool:
        return self.status().state in ("stopped", "failed")

    def snapshot(self) -> State | None:
        """The newest state that can be read, or None."""
        return snapshots.newest(self.state_path)

    def remembered(self) -> list[int]:
        """The steps after which the weights are known, ascending; 0 is the start."""
        saved = [int(path.stem.removeprefix("step-")) for path in snapshots.steps(self.state_path)]
        return sorted({*saved, *history.steps(self.state_path)})

    def state_at(self, step: int | None = None) -> State:
        """The state after this many steps, exact if a snapshot has it, else the remembered weights; None: the newest.
        Raises RunError if there is none."""
        known = self.remembered()
        for wanted in reversed(known) if step is None else [step]:
            state = snapshots.at(self.state_path, wanted) or history.at(self.state_path, wanted)
            if state is not None:
                return state
        if step is None:
            raise RunError(f"run {self.id} has no saved weights; train the experiment again")
        steps = ", ".join(map(str, known)) or "no step"
        raise RunError(f"run {self.id} does not remember the weights after step {step}; it has {steps}")

    def scaling(self) -> FittedScaling:
        """How a new image becomes an input of the network. Raises RunError if the run did not save it and its data set
        is not here."""
        return self._preparation[0]

    def class_names(self) -> tuple[str, ...]:
        """Raises RunError as `scaling` does."""
        return self._preparation[1]

    @cached_property
    def _preparation(self) -> tuple[FittedScaling, tuple[str, ...]]:
        if (saved := preparation.load(self.path, self.experiment.network.input_shape)) is not None:
            return saved
        recipe, seed = self.experiment.data, self.experiment.seed
        try:
            dataset = catalogue.load(recipe.name)
            rows = chosen_rows(dataset, recipe, seed)
            return fit(recipe.scaling, dataset.images[rows.originals]), dataset.class_names
        except DataError as error:
            raise RunError(f"run {self.id} cannot prepare an image without its data set: {error}") from None

    def _state(self, read: Reading) -> tuple[str, str]:
        last = read.last or {}
        if last.get("event") in ENDS:
            return last["event"], last.get("reason", "")
        owner = self.owner()
        if owner is None:
            return "failed", self._sudden_end(read)
        if owner["role"] == "queue":
            return "waiting", "waits for its turn"
        if last.get("event") == "paused":
            return "paused", ""
        return ("running", "") if read.step and last["event"] != "queued" else ("starting", "")

    def _sudden_end(self, read: Reading) -> str:
        if self._last_owner().get("role") == "queue":
            return "the program that would have started it ended before its turn came; resume starts the run"
        saved = snapshots.steps(self.state_path)
        start = f"step {int(saved[-1].stem.removeprefix('step-'))}" if saved else "the first step"
        return (
            f"the process that trained it ended unexpectedly at step {read.step} (killed, out of memory, or the "
            f"machine went down). Nothing that was saved is lost; resume continues from {start}"
        )

    # --- requests

    def ask(self, request: str) -> None:
        """Request "pause", "resume" (continue after a pause) or "stop"; the process that trains the run checks for it
        between two reports."""
        if request not in ("pause", "resume", "stop"):
            raise RunError(f"a run can be asked to pause, resume or stop, not to {request!r}")
        replace(self.path / "control", request)
        owner = self.owner()
        if request == "stop" and owner and owner["role"] == "queue":
            self.leave_queue("you took it out of the queue")

    def leave_queue(self, reason: str, ending: str = "stopped") -> None:
        """End a run that no host has taken yet; `ending` is "stopped" or "failed"."""
        with EventWriter(self.events_path) as events:
            events.write(ending, reason=reason, step=self.reading.step)
        self.release()

    def asked(self) -> str:
        """The latest request: "pause", "resume" or "stop"; "" if there is none."""
        try:
            return (self.path / "control").read_text(encoding="utf-8")
        except FileNotFoundError:
            return ""

    # --- ownership: which process has the run

    def claim(self, role: str) -> None:
        """Make this process the owner, in the role "queue" (it will start the run) or "host" (it trains the run)."""
        if role == "queue":
            (self.path / "control").unlink(missing_ok=True)
        me = {"pid": os.getpid(), "started": psutil.Process().create_time(), "role": role}
        replace(self.path / "owner.json", json.dumps(me))

    def queue_again(self) -> None:
        """Queue an ended run again, owned by this process. Raises RunError if it has not ended or has finished."""
        with self._alone():
            self.mark_crashed()
            self.must_be_resumable()
            self.claim("queue")
            with EventWriter(self.events_path) as events:
                events.write("queued")

    def must_be_resumable(self) -> None:
        """Raises RunError if the run has not ended or has finished."""
        if not self.can_resume:
            raise RunError(f"run {self.id} is {self.status().state}; only a stopped or failed run can be resumed")

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Only one process at a time may take a run. Raises RunError if another one is doing so, or if the folder is
        read-only."""
        claim = self.path / "claim"
        try:
            if claim.exists() and time.time() - claim.stat().st_mtime > CLAIM_SECONDS:
                claim.unlink(missing_ok=True)  # its process died before it could delete it
            os.close(os.open(claim, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            try:
                yield
            finally:
                claim.unlink(missing_ok=True)
        except FileExistsError:
            raise RunError(f"another process is taking run {self.id} right now; try again in a second") from None
        except OSError as error:
            raise RunError(f"run {self.id} cannot be written in {self.path}: {error.strerror}") from None

    def release(self) -> None:
        (self.path / "owner.json").unlink(missing_ok=True)

    def owner(self) -> dict[str, Any] | None:
        """The live process that owns the run, {"pid", "started", "role"}; None if there is none."""
        owner = self._last_owner()
        try:
            process = psutil.Process(owner["pid"])
            same = abs(process.create_time() - owner["started"]) < 1
            return owner if same and process.status() != psutil.STATUS_ZOMBIE else None
        except (KeyError, TypeError, ValueError, psutil.Error):
            return None

    def _last_owner(self) -> dict[str, Any]:
        """The content of owner.json, whether that process is alive or not."""
        try:
            owner = json.loads((self.path / "owner.json").read_text(encoding="utf-8"))
            return owner if isinstance(owner, dict) else {}
        except (OSError, ValueError):
            return {}

    def mark_crashed(self) -> None:
        """Write the `failed` event that a killed process could not write."""
        read = self.reading
        if (read.last or {}).get("event") not in ENDS and self.owner() is None:
            with EventWriter(self.events_path) as events:
                events.write("failed", reason=self._sudden_end(read))
            self.release()


def runs_folder() -> Path:
    """The folder in CONVSCOPE_RUNS, or else `runs` in the current folder."""
    return Path(os.environ.get("CONVSCOPE_RUNS") or "runs").expanduser().absolute()


def create(
    experiment: Experiment, backend: str, device: str = "cpu", group: str = "", folder: Path | None = None
) -> Run:
    """A new run folder, owned by this process until a host takes it. Raises RunError if it cannot be written."""
    now = datetime.now(UTC)
    run_id = f"{now:%Y%m%d-%H%M%S}-{backend}-{secrets.token_hex(3)}"
    path = (folder or runs_folder()) / run_id
    about = {
        "backend": backend,
        "device": device,
        "created": now.isoformat(timespec="microseconds"),
        "group": group or run_id,
    }
    try:
        path.mkdir(parents=True)
        (path / "experiment.json").write_text(experiment.to_json(), encoding="utf-8")
        run = Run(path)
        run.claim("queue")
        replace(path / "run.json", json.dumps(about))
    except OSError as error:
        raise RunError(
            f"cannot write the run to {path}: {error.strerror}; choose another folder with CONVSCOPE_RUNS"
        ) from None
    return run


def find(run_id: str, folder: Path | None = None) -> Run:
    """Find a run by its id or by the path of its folder. Raises RunError if there is none."""
    for path in ((folder or runs_folder()) / run_id, Path(run_id)):
        if (path / "run.json").is_file():
            return Run(path.absolute())
    raise RunError(f"there is no run {run_id!r} in {folder or runs_folder()}")


def all_runs(folder: Path | None = None) -> list[Run]:
    """All runs, newest first; folders that are not runs are ignored."""
    root = folder or runs_folder()
    paths = [path.parent for path in root.glob("*/run.json")] if root.is_dir() else []
    return [run for run in map(Run, sorted(paths, key=lambda path: path.name, reverse=True)) if _readable(run)]


def replace(path: Path, text: str) -> None:
    """Write a file atomically: a reader sees either the old text or the new one, never a part."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(2)}.part")
    temporary.write_text(text, encoding="utf-8")
    os.replace(temporary, path)


def _readable(run: Run) -> bool:
    try:
        return bool(run.about) and run.experiment is not None
    except (RunError, ExperimentError):
        return False
