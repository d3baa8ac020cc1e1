"""Training a run: writes its events, its snapshots and the reason why it ended into the run folder."""

import contextlib
import os
import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from core.backend import Backend, BackendError, Model, State
from core.data import catalogue
from core.data.dataset import PARTS, DataError
from core.data.prepared import Prepared, prepare
from core.experiment.experiment import ExperimentError
from core.network.errors import NetworkError
from core.network.initial_weights import initial_weights
from core.recipe.remember import is_milestone
from core.recipe.training import TrainingRecipe
from core.runs import history, predictions, preparation, snapshots
from core.runs.events import EventWriter
from core.runs.folder import Run
from core.runs.predictions import Predictions
from core.training.early_stopping import Stopping
from core.training.loop import (
    EpochEnded,
    StepsMade,
    TrainingError,
    check,
    check_memory,
    evaluate,
    measured,
    outputs,
    steps_per_epoch,
    total_steps,
    train,
)


SECONDS_BETWEEN_SNAPSHOTS = float(os.environ.get("CONVSCOPE_SNAPSHOT_SECONDS") or 5)
SNAPSHOT_SHARE = 0.01
"""Saving snapshots takes at most about this share of the training time."""
HISTORY_SHARE = 0.02
"""Remembering epochs takes at most about this share of the training time."""
EXPECTED = (BackendError, DataError, ExperimentError, NetworkError, TrainingError, OSError)
"""Failures whose message is enough for the user; any other failure is recorded with its traceback."""

Leave = Callable[[], str]
"""Returns the reason why training should end now, or "" to continue."""
Write = Callable[..., None]
"""write(event, **fields) appends an event to the log."""
Wait = Callable[[float], object]


def record(
    run: Run,
    backend: Backend,
    name: str,
    device: str,
    leave: Leave = lambda: "",
    on_event: Callable[[dict[str, Any]], None] = lambda event: None,
    wait: Wait = time.sleep,
) -> str:
    """Train `run` to its end, from its newest snapshot if it has one. Returns "finished", "stopped" or "failed".

    Calls `on_event` with every event that it writes. A failure of the run is written as an event, not raised.
    """
    run.claim("host")
    with EventWriter(run.events_path) as events:

        def write(event: str, **fields: Any) -> None:
            on_event(events.write(event, **fields))

        try:
            ending = _train(run, backend, name, device, leave, write, wait)
        except EXPECTED as error:
            ending = "failed"
            write("failed", reason=str(error))
        except Exception as error:
            ending = "failed"
            write("failed", reason=describe_error(error, name), traceback=traceback.format_exc())
    run.release()
    return ending


def describe_error(error: Exception, backend: str) -> str:
    """An unexpected failure, described in one sentence."""
    if isinstance(error, MemoryError):
        return "the memory of this machine is used up; try a smaller batch, network or data set"
    return f"{backend} failed with {type(error).__name__}: {' '.join(str(error).split())[:500]}"


def _train(run: Run, backend: Backend, name: str, device: str, leave: Leave, write: Write, wait: Wait) -> str:
    experiment = run.experiment
    data = prepare(
        catalogue.load(experiment.data.name), experiment.data, experiment.seed, experiment.training.precision
    )
    check(experiment, data)
    check_memory(experiment, len(data.train.y))
    precision, rows = experiment.training.precision, len(data.train.y)
    weights = initial_weights(experiment.network, experiment.seed, precision)
    model = backend.build(experiment.network, weights, experiment.training, device)
    state = run.snapshot()
    if state is not None:
        model.restore(state)
    steps_done = state.step if state else 0
    stopping = _stopping(run, state)
    write(
        "resumed" if run.reading.started else "started",
        step=steps_done,
        total_steps=total_steps(experiment.training, rows),
        steps_per_epoch=steps_per_epoch(experiment.training, rows),
        backend=name,
        device=device,
        version=backend.version(),
        experiment=experiment.hash,
        rows={part: len(getattr(data, part).y) for part in ("train", "validation", "test")},
    )
    validation_losses = list(state.validation_losses) if state else []
    preparation.save(run.path, data.scaling, data.class_names)
    snapshotter = _Snapshotter(run, model, steps_done, write, stopping, validation_losses)
    historian = _Historian(run, model, steps_done)
    if not stopping.is_over:  # unless the process was killed after the last step, before it wrote "finished"
        for report in train(model, data, experiment, steps_done, validation_losses):
            report = _with_test(report, run, model, data)
            _write_report(report, write)
            stopping.see(report, model)
            snapshotter.save_if_due(report)
            historian.see(report)
            if reason := _reason_to_stop(run, snapshotter, leave, write, wait):
                snapshotter.save()
                write("stopped", reason=reason, step=snapshotter.step)
                return "stopped"
            if stopping.ended_by:
                break
    stopping.restore(model, snapshotter.step)
    historian.save()
    snapshotter.save(force=stopping.best is not None)
    write("finished", result=_result(run, model, data), step=snapshotter.step, **_ending(stopping, experiment.training))
    return "finished"


def _stopping(run: Run, state: State | None) -> Stopping:
    """Early stopping in the state of the newest snapshot and the events up to it. Time spent on lost steps counts as
    spent."""
    step, best = (state.step, state.best) if state else (0, None)
    epochs = [number for number, event in run.reading.epochs.items() if event["step"] <= step]
    return Stopping(run.experiment.training, best, max(epochs, default=0), run.reading.seconds)


def _ending(stopping: Stopping, recipe: TrainingRecipe) -> dict[str, str]:
    """What ended the training, with a reason for the user if it ended early."""
    ended_by = stopping.ended_by or ("epochs" if recipe.steps is None else "steps")
    return {"ended_by": ended_by} | ({"reason": stopping.reason()} if stopping.ended_by else {})


def _write_report(report: StepsMade | EpochEnded, write: Write) -> None:
    match report:
        case StepsMade(step, losses, seconds, rate):
            write("steps", step=step, losses=losses.tolist(), seconds=round(seconds, 6), learning_rate=rate)
        case EpochEnded(epoch, step, validation, seconds, test):
            tested = {"test": test} if test else {}
            write("epoch", epoch=epoch, step=step, validation=validation, seconds=round(seconds, 6), **tested)


def _with_test(report: StepsMade | EpochEnded, run: Run, model: Model, data: Prepared) -> StepsMade | EpochEnded:
    """The report of an epoch with the scores on the test set, if the recipe asks for them and no earlier epoch did
    better on the validation set."""
    recipe = run.experiment.training
    if not recipe.test_at_best or not isinstance(report, EpochEnded) or not report.validation:
        return report
    before = [event for number, event in run.reading.epochs.items() if number < report.epoch]
    if any(event["validation"]["accuracy"] > report.validation["accuracy"] for event in before):
        return report
    started = time.perf_counter()
    test = evaluate(model, data.test, recipe.loss)
    return replace(report, test=test, seconds=report.seconds + time.perf_counter() - started)


def _result(run: Run, model: Model, data: Prepared) -> dict[str, dict[str, float]]:
    """Loss and accuracy of each part. Saves the predictions in the run folder."""
    return {part: _evaluate_part(run, model, data, part) for part in PARTS}


def _evaluate_part(run: Run, model: Model, data: Prepared, name: str) -> dict[str, float]:
    part = getattr(data, name)
    if not predictions.wanted(name, len(part)):
        return evaluate(model, part, run.experiment.training.loss)
    logits = outputs(model, part)
    counts = np.bincount(data.train.y, minlength=len(data.class_names))
    predictions.save(run.predictions_path, name, Predictions(logits, part.y, part.rows, counts))
    return measured(logits, part.y, run.experiment.training.loss)


def _reason_to_stop(run: Run, snapshotter: "_Snapshotter", leave: Leave, write: Write, wait: Wait) -> str:
    """The reason to stop, or "" to continue. Waits here while the run is paused."""
    if reason := leave():
        return reason
    request = run.asked()
    if request == "pause":
        snapshotter.save()
        write("paused", step=snapshotter.step)
        while (request := run.asked()) == "pause":
            if reason := leave():
                return reason
            wait(0.05)
        if request != "stop":
            write("continued", step=snapshotter.step)
    return "you stopped it" if request == "stop" else ""


class _Historian:
    """Remembers the weights at the milestones and after each epoch; of more epochs than a run may remember, those that
    a small share of the training time suffices for."""

    def __init__(self, run: Run, model: Model, step: int) -> None:
        recipe = run.experiment.training
        self.folder, self.model, self.remember = run.state_path, model, recipe.remember
        self.every_epoch = recipe.epochs <= recipe.remember.states
        self.step, self.save_seconds, self.saved_at = step, 0.0, 0.0
        history.forget_after(self.folder, step)
        self.save()

    def see(self, report: StepsMade | EpochEnded) -> None:
        self.step = report.step
        if isinstance(report, StepsMade):
            due = is_milestone(report.step)
        else:
            due = self.every_epoch or time.perf_counter() - self.saved_at > self.save_seconds / HISTORY_SHARE
        if due:
            self.save()

    def save(self) -> None:
        """Remember the present step, unless it is remembered already."""
        if not self.remember.states or self.step in history.steps(self.folder):
            return
        started = time.perf_counter()
        history.save(self.folder, self.model.state(), self.remember)
        self.saved_at = time.perf_counter()
        self.save_seconds = self.saved_at - started


class _Snapshotter:
    """Saves a snapshot every few seconds, but spends only a small share of the training time on it."""

    def __init__(
        self, run: Run, model: Model, step: int, write: Write, stopping: Stopping, validation_losses: list[float]
    ) -> None:
        self.run, self.model, self.step, self.write = run, model, step, write
        self.stopping, self.validation_losses = stopping, validation_losses
        self.saved_step, self.saved_at, self.save_seconds = step, time.perf_counter(), 0.0

    def save_if_due(self, report: StepsMade | EpochEnded) -> None:
        self.step = report.step
        interval = max(SECONDS_BETWEEN_SNAPSHOTS, self.save_seconds / SNAPSHOT_SHARE)
        if time.perf_counter() - self.saved_at > interval:
            self.save()

    def save(self, force: bool = False) -> None:
        """Save a snapshot, unless this step has one already; `force` if the weights have changed since."""
        if self.step == self.saved_step and not force:
            return
        started = time.perf_counter()
        state: State = self.model.state()
        state.best, state.validation_losses = self.stopping.best, tuple(self.validation_losses)
        with contextlib.suppress(FileExistsError):
            snapshots.save(self.run.state_path, state)
        self.saved_step, self.saved_at = self.step, time.perf_counter()
        self.save_seconds = self.saved_at - started
        self.write("snapshot", step=state.step)
