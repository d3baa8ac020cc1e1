"""`make bench`: throughput against each framework's tutorial way and of the reference against PyTorch, the wait for
the first point, and what the events cost. Numbers are ratios of medians measured in turn on this machine."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import median

from backends.executors.local import LocalExecutor
from core.data import catalogue
from core.experiment import experiment as experiments, presets
from core.runs import folder
from core.runs.folder import Run


ROOT = Path(__file__).resolve().parent.parent
BACKENDS = ("reference", "pytorch", "tensorflow")
ON_CPU = tuple((name, "cpu") for name in BACKENDS)


def main() -> None:
    asked = _arguments()
    with tempfile.TemporaryDirectory() as place:
        os.environ["CONVSCOPE_RUNS"] = place
        experiment = measured_experiment(asked.steps)
        print(f"{experiment.title}, batch {experiment.training.batch_size}, {asked.steps} steps, {asked.rounds} rounds")
        if asked.only in (None, "first"):
            first_points(experiment, asked.rounds)
        if asked.only in (None, "throughput"):
            throughput(experiment, asked.rounds, Path(place))


def measured_experiment(steps: int):
    """The network of lesson 11's gap exercise, so many steps of it, on MNIST or, where that is missing, on digits."""
    data = "mnist" if catalogue.missing("mnist") is None else "digits"
    return experiments.changed(
        presets.experiment("live-cnn", data),
        **{
            "title": f"live-cnn on {data}",
            "training.steps": steps,
            "data.validation": 0,
            "data.test": 1,
            "training.epochs": 1000,
        },
    )


def first_points(experiment, rounds: int) -> None:
    """Seconds from the click (the run is submitted) until its first loss is in the run folder."""
    print("\nseconds from start to the first point          cold      warm (median)")
    for name in BACKENDS:
        executor = LocalExecutor()
        try:
            short = experiments.changed(experiment, **{"training.steps": 3})
            cold = _first_point(executor, short, name)
            warm = [_first_point(executor, short, name) for _ in range(rounds)]
            print(f"  {name:<12} {cold:38.2f} {median(warm):9.2f}")
        finally:
            executor.close()


def throughput(experiment, rounds: int, place: Path) -> None:
    """Pictures a second through host, events and run folder; the tutorial's loop in a process of its own."""
    path = place / "experiment.json"
    path.write_text(experiment.to_json())
    tutorials = {name: _Tutorial(name, path) for name in ("pytorch", "tensorflow")}
    try:
        speeds, overheads = in_turn(experiment, rounds, tutorials)
    finally:
        for tutorial in tutorials.values():
            tutorial.close()
    print("\npictures a second (median of rounds)")
    for name, values in sorted(speeds.items()):
        print(f"  {name:<22} {median(values):8.0f}   from {min(values):.0f} to {max(values):.0f}")
    print("\nratios, round by round, median")
    for name in tutorials:
        print(f"  {name} / its tutorial way  {_ratio(speeds[name], speeds[f'{name} tutorial'])}")
    print(f"  reference / pytorch       {_ratio(speeds['reference'], speeds['pytorch'])}")
    print("\ntime between the steps: order, masks, events, snapshots (share of the whole)")
    for name, values in overheads.items():
        print(f"  {name:<12} {median(values):7.2%}")


def in_turn(
    experiment, rounds: int, tutorials: dict, places=ON_CPU
) -> tuple[dict[str, list[float]], dict[str, list[float]]]:
    """Pictures a second and the share of time between the steps, of each backend (and device, in `places`) in each round;
    one after the other, round by round, so that whatever else this machine does hits all alike. The first round warms up
    and is not counted."""
    speeds: dict[str, list[float]] = {}
    overheads: dict[str, list[float]] = {}
    executor = LocalExecutor()
    try:
        for round_number in range(rounds + 1):
            for name, device in places:
                ours, overhead = _product(executor, experiment, name, device)
                theirs = tutorials[name].speed(experiment) if name in tutorials else None
                if round_number == 0:
                    continue  # everybody warms up
                which = name if device == "cpu" else f"{name} on {device}"
                speeds.setdefault(which, []).append(ours)
                overheads.setdefault(which, []).append(overhead)
                if theirs:
                    speeds.setdefault(f"{name} tutorial", []).append(theirs)
    finally:
        executor.close()
    return speeds, overheads


def _product(executor: LocalExecutor, experiment, name: str, device: str = "cpu") -> tuple[float, float]:
    """(pictures a second, share of the time not spent in the backend's steps) between first and last report."""
    run = _finished(executor, experiment, name, device)
    reports = [event for event in run.events() if event["event"] == "steps"]
    steps = sum(len(report["losses"]) for report in reports[1:])
    wall = reports[-1]["time"] - reports[0]["time"]
    inside = sum(report["seconds"] for report in reports[1:])
    return steps * experiment.training.batch_size / wall, max(0.0, 1 - inside / wall)


def _first_point(executor: LocalExecutor, experiment, name: str) -> float:
    begun = time.time()
    run = _finished(executor, experiment, name)
    return next(event for event in run.events() if event["event"] == "steps")["time"] - begun


def _finished(executor: LocalExecutor, experiment, name: str, device: str = "cpu") -> Run:
    run, tick = folder.create(experiment, name, device), threading.Event()
    executor.submit(run)
    while not run.status().ended:
        tick.wait(0.02)
    if run.status().state != "finished":
        raise SystemExit(f"{name}: {run.status().reason}")
    return run


class _Tutorial:
    """A tutorial's process, asked for a number of steps at a time."""

    def __init__(self, name: str, path: Path):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.tutorials", name, str(path)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        self.process.stdout.readline()

    def speed(self, experiment) -> float:
        steps = experiment.training.steps
        self.process.stdin.write(f"{steps}\n")
        self.process.stdin.flush()
        return steps * experiment.training.batch_size / json.loads(self.process.stdout.readline())

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


def _ratio(ours: list[float], theirs: list[float]) -> str:
    ratios = [a / b for a, b in zip(ours, theirs, strict=True)]
    return f"{median(ratios):5.2f}   from {min(ratios):.2f} to {max(ratios):.2f}"


def _arguments():
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--only", choices=["first", "throughput"])
    return parser.parse_args()


if __name__ == "__main__":
    main()
