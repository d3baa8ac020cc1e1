"""The state of a run according to its event log: loss curve, epochs, progress. Updated event by event; no event is
parsed twice."""

import math
import threading
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from core.arrays import Array
from core.runs.events import Tail


ENDS = ("finished", "stopped", "failed")


@dataclass
class Reading:
    """What the events so far add up to."""

    tail: Tail
    losses: list[float] = field(default_factory=list)
    """losses[k] is the loss at step k + 1; NaN if the line with this step is missing."""
    rates: list[tuple[int, float]] = field(default_factory=list)
    """(step, learning rate) of the last step of every report."""
    epochs: dict[int, dict[str, Any]] = field(default_factory=dict)
    furthest: int = 0
    """The last step of any report or epoch so far."""
    started: dict[str, Any] | None = None
    last: dict[str, Any] | None = None
    """The last event that changes the state of the run: queued, started, resumed, paused, continued or one of ENDS."""
    total_steps: int = 0
    steps_per_epoch: int = 1
    backends: list[str] = field(default_factory=list)
    """The backends that trained it, in order; more than one after a resume elsewhere."""
    seconds: float = 0.0
    """Time spent in steps and evaluations."""
    recent: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=30))
    """(seconds, steps) of the latest reports, for estimating the speed."""

    def update(self) -> "Reading":
        for event in self.tail.read():
            try:
                self._absorb(event)
            except (KeyError, TypeError):
                continue
        return self

    @property
    def step(self) -> int:
        return len(self.losses)

    def seconds_per_step(self) -> float | None:
        steps = sum(count for _, count in self.recent)
        return sum(seconds for seconds, _ in self.recent) / steps if steps else None

    def curve(self) -> tuple[Array, Array]:
        """(steps from 1, losses)"""
        return np.arange(1, len(self.losses) + 1), np.asarray(self.losses, dtype=np.float64)

    @property
    def at_best(self) -> dict[str, Any] | None:
        """The event of the last epoch after which the test set was evaluated: the one with the best validation
        accuracy, and of equally good ones the last."""
        tested = [event for _, event in sorted(self.epochs.items()) if event.get("test")]
        return tested[-1] if tested else None

    def _absorb(self, event: dict[str, Any]) -> None:
        match event["event"]:
            case "steps":
                if event["step"] > self.total_steps:
                    return  # not a step of this run
                before = event["step"] - len(event["losses"])
                self._splice(before)
                self.losses.extend([math.nan] * (before - len(self.losses)))  # missing lines
                self.losses.extend(event["losses"])
                self.furthest = max(self.furthest, event["step"])
                if isinstance(event.get("learning_rate"), int | float):
                    self.rates.append((event["step"], event["learning_rate"]))
                self.recent.append((event["seconds"], len(event["losses"])))
                self.seconds += event["seconds"]
            case "epoch":
                self.epochs[event["epoch"]] = event
                self.furthest = max(self.furthest, event["step"])
                self.seconds += event["seconds"]
            case "started" | "resumed":
                self._splice(event.get("step", 0))
                self.started, self.last = self.started or event, event
                self.total_steps = event["total_steps"]
                self.steps_per_epoch = event["steps_per_epoch"]
                self.backends.append(event["backend"])
                self.recent.clear()
            case "queued" | "paused" | "continued" | "finished" | "stopped" | "failed":
                self.last = event

    def _splice(self, step: int) -> None:
        """Forget the steps after `step`: they are about to be repeated. Costs nothing when there are none."""
        if step >= self.furthest:
            return
        self.furthest = step
        del self.losses[step:]
        self.rates = [(at, rate) for at, rate in self.rates if at <= step]
        self.epochs = {number: event for number, event in self.epochs.items() if event["step"] <= step}


_readings: dict[Path, Reading] = {}
_lock = threading.Lock()


def reading(log: Path) -> Reading:
    """The up-to-date state of an event log, shared by all callers in this process."""
    with _lock:
        result = _readings.get(log)
        if result is None or not log.exists() or log.stat().st_size < result.tail.offset:
            result = _readings[log] = Reading(Tail(log))
        return result.update()


def forget(log: Path) -> None:
    """Drop the cached state of a run that has moved."""
    with _lock:
        _readings.pop(log, None)
