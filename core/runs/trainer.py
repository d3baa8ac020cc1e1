"""Training into a run folder: events as they come, snapshots now and then, an ending in words."""

import contextlib
import os
import time
import traceback
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from core.backend import Backend, BackendError, Model, State
from core.data import catalogue
from core.data.dataset import PARTS, DataError
from core.data.prepared import Prepared, prepare
from core.experiment.experiment import ExperimentError
from core.network.initial_weights import initial_weights
from core.network.shapes import NetworkError
from core.recipe.training import TrainingRecipe
from core.runs import predictions, snapshots
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
"""Snapshots may take this share of the time."""
EXPECTED = (BackendError, DataError, ExperimentError, NetworkError, TrainingError, OSError)
"""Failures that a sentence explains; any other one brings its traceback."""

Leave = Callable[[], str]
"""Why training should end now, in words; "" to go on."""


def record(
    run: Run,
    backend: Backend,
    name: str,
    device: str,
    leave: Leave = lambda: "",
    tell: Callable[[dict], None] = lambda event: None,
    wait: Callable[[float], object] = time.sleep,
) -> str:
    """Train `run` to its end, from its newest snapshot if it has one. Returns "finished", "stopped" or "failed";
    `tell` sees every event that is written. Never raises for what goes wrong with the run itself."""
    run.claim("host")
    with EventWriter(run.events_path) as events:

        def write(event: str, **fields) -> None:
            tell(events.write(event, **fields))

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
    """A failure that nobody expected, as one sentence."""
    if isinstance(error, MemoryError):
        return "the memory of this machine is used up; try a smaller batch, network or data set"
    return f"{backend} failed with {type(error).__name__}: {' '.join(str(error).split())[:500]}"


def _train(run: Run, backend: Backend, name: str, device: str, leave: Leave, write, wait) -> str:
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
    made = state.step if state else 0
    stopping = _stopping(run, state)
    write(
        "resumed" if run.reading.started else "started",
        step=made,
        total_steps=total_steps(experiment.training, rows),
        steps_per_epoch=steps_per_epoch(experiment.training, rows),
        backend=name,
        device=device,
        version=backend.version(),
        experiment=experiment.hash,
        rows={part: len(getattr(data, part).y) for part in ("train", "validation", "test")},
    )
    validation_losses = list(state.validation_losses) if state else []
    snapshotter = _Snapshotter(run, model, made, write, stopping, validation_losses)
    if not stopping.is_over:  # a process killed at the very end left only its last word unsaid
        for report in train(model, data, experiment, made, validation_losses):
            report = _with_test(report, run, model, data)
            _write_report(report, write)
            stopping.see(report, model)
            snapshotter.now_and_then(report)
            if reason := _asked_to_end(run, snapshotter, leave, write, wait):
                snapshotter.keep()
                write("stopped", reason=reason, step=snapshotter.made)
                return "stopped"
            if stopping.ended_by:
                break
    stopping.restore(model, snapshotter.made)
    snapshotter.keep(again=stopping.best is not None)
    write("finished", result=_result(run, model, data), step=snapshotter.made, **_ending(stopping, experiment.training))
    return "finished"


def _stopping(run: Run, state: State | None) -> Stopping:
    """As the newest snapshot and the events up to it left it; time spent on lost steps was spent, too."""
    step, best = (state.step, state.best) if state else (0, None)
    measured = [number for number, event in run.reading.epochs.items() if event["step"] <= step]
    return Stopping(run.experiment.training, best, max(measured, default=0), run.reading.seconds)


def _ending(stopping: Stopping, recipe: TrainingRecipe) -> dict:
    """Why a run is finished; a reason in words only where it ended early."""
    by = stopping.ended_by or ("epochs" if recipe.steps is None else "steps")
    return {"ended_by": by} | ({"reason": stopping.reason()} if stopping.ended_by else {})


def _write_report(report: StepsMade | EpochEnded, write) -> None:
    match report:
        case StepsMade(step, losses, seconds, rate):
            write("steps", step=step, losses=losses.tolist(), seconds=round(seconds, 6), rate=rate)
        case EpochEnded(epoch, step, validation, seconds, test):
            tested = {"test": test} if test else {}
            write("epoch", epoch=epoch, step=step, validation=validation, seconds=round(seconds, 6), **tested)


def _with_test(report, run: Run, model: Model, data: Prepared):
    """An epoch's report with the test part measured, where the recipe asks for it and no epoch before did better on the
    validation part."""
    recipe = run.experiment.training
    if not recipe.test_at_best or not isinstance(report, EpochEnded) or not report.validation:
        return report
    before = [event for number, event in run.reading.epochs.items() if number < report.epoch]
    if any(event["validation"]["accuracy"] > report.validation["accuracy"] for event in before):
        return report
    begun = time.perf_counter()
    test = evaluate(model, data.test, recipe.loss)
    return replace(report, test=test, seconds=report.seconds + time.perf_counter() - begun)


def _result(run: Run, model: Model, data: Prepared) -> dict:
    """Loss and accuracy of each part; what the model said of the images is kept beside."""
    return {part: _judged(run, model, data, part) for part in PARTS}


def _judged(run: Run, model: Model, data: Prepared, name: str) -> dict[str, float]:
    part = getattr(data, name)
    if not predictions.wanted(name, len(part)):
        return evaluate(model, part, run.experiment.training.loss)
    logits = outputs(model, part)
    counts = np.bincount(data.train.y, minlength=len(data.class_names))
    predictions.save(run.predictions_path, name, Predictions(logits, part.y, part.rows, counts))
    return measured(logits, part.y, run.experiment.training.loss)


def _asked_to_end(run: Run, snapshotter: "_Snapshotter", leave: Leave, write, wait) -> str:
    """The reason to stop, "" to go on; a pause is sat out here."""
    if reason := leave():
        return reason
    asked = run.asked()
    if asked == "pause":
        snapshotter.keep()
        write("paused", step=snapshotter.made)
        while (asked := run.asked()) == "pause":
            if reason := leave():
                return reason
            wait(0.05)
        if asked != "stop":
            write("continued", step=snapshotter.made)
    return "you stopped it" if asked == "stop" else ""


class _Snapshotter:
    """Keeps snapshots: every few seconds, but never for more than a small share of the time."""

    def __init__(self, run: Run, model: Model, made: int, write, stopping: Stopping, validation_losses):
        self.run, self.model, self.made, self.write = run, model, made, write
        self.stopping, self.validation_losses = stopping, validation_losses
        self.kept_step, self.kept_at, self.cost = made, time.perf_counter(), 0.0

    def now_and_then(self, report: StepsMade | EpochEnded) -> None:
        self.made = report.step
        pause = max(SECONDS_BETWEEN_SNAPSHOTS, self.cost / SNAPSHOT_SHARE)
        if time.perf_counter() - self.kept_at > pause:
            self.keep()

    def keep(self, again: bool = False) -> None:
        """Once a step, unless the weights have changed without one."""
        if self.made == self.kept_step and not again:
            return
        begun = time.perf_counter()
        state: State = self.model.state()
        state.best, state.validation_losses = self.stopping.best, tuple(self.validation_losses)
        with contextlib.suppress(FileExistsError):
            snapshots.save(self.run.state_path, state)
        self.kept_step, self.kept_at = self.made, time.perf_counter()
        self.cost = self.kept_at - begun
        self.write("snapshot", step=state.step)
