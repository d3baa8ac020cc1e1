"""Images per second of each backend, measured one after another through host, events and run folder."""

import threading
from collections.abc import Iterable
from typing import Any

from backends.executors.executor import Executor
from backends.executors.local import LocalExecutor
from core.data import catalogue
from core.experiment import presets
from core.experiment.experiment import Experiment, changed
from core.runs.folder import Run


BACKENDS = ("reference", "pytorch", "tensorflow")
ON_CPU = tuple((name, "cpu") for name in BACKENDS)


def measured_experiment(steps: int) -> Experiment:
    """The network of lesson 11's gap exercise for this many steps, on MNIST or, if that is missing, on digits."""
    data = "mnist" if catalogue.missing("mnist") is None else "digits"
    return changed(
        presets.experiment("live-cnn", data),
        **{
            "title": f"live-cnn on {data}",
            "training.steps": steps,
            "data.validation": 0,
            "data.test": 1,
            "training.epochs": 1000,
        },
    )


def in_turn(
    experiment: Experiment, rounds: int, tutorials: dict[str, Any], devices: Iterable[tuple[str, str]] = ON_CPU
) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Images per second, and the share of the time spent between steps, for each (backend, device) in each round. They
    take turns, round by round, so that other load on this machine affects all alike. The first round is a warm-up and
    does not count."""
    speeds: dict[str, list[float]] = {}
    overheads: dict[str, list[float]] = {}
    executor = LocalExecutor()
    try:
        for round_number in range(rounds + 1):
            for name, device in devices:
                ours, overhead = _speed(executor, experiment, name, device)
                theirs = tutorials[name].speed(experiment) if name in tutorials else None
                if round_number == 0:
                    continue
                which = name if device == "cpu" else f"{name} on {device}"
                speeds.setdefault(which, []).append(ours)
                overheads.setdefault(which, []).append(overhead)
                if theirs:
                    speeds.setdefault(f"{name} tutorial", []).append(theirs)
    finally:
        executor.close()
    return speeds, overheads


def finished(executor: Executor, experiment: Experiment, name: str, device: str = "cpu") -> Run:
    """Start a run and wait for it. Exits with the reason if it fails."""
    run, tick = executor.start(experiment, name, device), threading.Event()
    while not run.status().ended:
        tick.wait(0.02)
    if run.status().state != "finished":
        raise SystemExit(f"{name}: {run.status().reason}")
    return run


def _speed(executor: Executor, experiment: Experiment, name: str, device: str) -> tuple[float, float]:
    """(images per second, share of the time not spent in the backend's steps), from the first report to the last."""
    run = finished(executor, experiment, name, device)
    reports = [event for event in run.events() if event["event"] == "steps"]
    steps = sum(len(report["losses"]) for report in reports[1:])
    wall = reports[-1]["time"] - reports[0]["time"]
    inside = sum(report["seconds"] for report in reports[1:])
    return steps * experiment.training.batch_size / wall, max(0.0, 1 - inside / wall)
