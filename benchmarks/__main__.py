"""`make bench`: throughput relative to each framework's tutorial code and of the reference relative to PyTorch, the
wait for the first point, and the cost of events. Numbers are ratios of medians, measured in turn on this machine."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import IO, cast

from backends.executors.local import LocalExecutor
from backends.throughput import BACKENDS, finished, in_turn, measured_experiment
from core.experiment import experiment as experiments


ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    options = _arguments()
    with tempfile.TemporaryDirectory() as runs:
        os.environ["CONVSCOPE_RUNS"] = runs
        experiment = measured_experiment(options.steps)
        batch = experiment.training.batch_size
        print(f"{experiment.title}, batch size {batch}, {options.steps} steps, {options.rounds} rounds")
        if options.only in (None, "first"):
            first_points(experiment, options.rounds)
        if options.only in (None, "throughput"):
            throughput(experiment, options.rounds, Path(runs))


def first_points(experiment, rounds: int) -> None:
    """Seconds from the click, when the run is started, until its first loss is in the run folder."""
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


def throughput(experiment, rounds: int, folder: Path) -> None:
    """Images per second through host, events and run folder; the tutorial's loop runs in a separate process."""
    path = folder / "experiment.json"
    path.write_text(experiment.to_json())
    tutorials = {name: _Tutorial(name, path) for name in ("pytorch", "tensorflow")}
    try:
        speeds, overheads = in_turn(experiment, rounds, tutorials)
    finally:
        for tutorial in tutorials.values():
            tutorial.close()
    print("\nimages per second (median of rounds)")
    for name, values in sorted(speeds.items()):
        print(f"  {name:<22} {median(values):8.0f}   from {min(values):.0f} to {max(values):.0f}")
    print("\nratios, round by round, median")
    for name in tutorials:
        print(f"  {name} / tutorial code  {_ratio(speeds[name], speeds[f'{name} tutorial'])}")
    print(f"  reference / pytorch       {_ratio(speeds['reference'], speeds['pytorch'])}")
    print("\nshare of time between steps (order, masks, events, snapshots)")
    for name, values in overheads.items():
        print(f"  {name:<12} {median(values):7.2%}")


def _first_point(executor: LocalExecutor, experiment, name: str) -> float:
    begun = time.time()
    run = finished(executor, experiment, name)
    return next(event for event in run.events() if event["event"] == "steps")["time"] - begun


class _Tutorial:
    """A process that trains as a framework's tutorial does, a number of steps per request."""

    def __init__(self, name: str, path: Path):
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.tutorials", name, str(path)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        self.stdin, self.stdout = cast("IO[str]", self.process.stdin), cast("IO[str]", self.process.stdout)
        self.stdout.readline()

    def speed(self, experiment) -> float:
        steps = experiment.training.steps
        self.stdin.write(f"{steps}\n")
        self.stdin.flush()
        return steps * experiment.training.batch_size / json.loads(self.stdout.readline())

    def close(self) -> None:
        self.stdin.close()
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
