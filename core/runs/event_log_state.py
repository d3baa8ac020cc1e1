"""What a run's events add up to: its curve, its epochs, how far it is. Grows event by event, never parsed twice."""

import contextlib
import math
import threading
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from core.arrays import Array
from core.runs.events import Tail


ENDS = ("finished", "stopped", "failed")


@dataclass
class Reading:
    """The sum of the events so far."""

    tail: Tail
    losses: list[float] = field(default_factory=list)
    """losses[k] is the loss at step k + 1; NaN where the line that had it got lost."""
    rates: list[tuple[int, float]] = field(default_factory=list)
    """(step, rate) of the last step of every report; runs of older releases tell none."""
    epochs: dict[int, dict] = field(default_factory=dict)
    started: dict | None = None
    last: dict | None = None
    """The last event that changes the run's condition: queued, started, resumed, paused, continued or one of ENDS."""
    total_steps: int = 0
    steps_per_epoch: int = 1
    backends: list[str] = field(default_factory=list)
    """The backends that trained it, in order; more than one after a resume elsewhere."""
    seconds: float = 0.0
    """Spent in steps and evaluations."""
    recent: deque = field(default_factory=lambda: deque(maxlen=30))
    """(seconds, steps) of the last reports, for the speed."""

    def update(self) -> "Reading":
        for event in self.tail.read():
            with contextlib.suppress(KeyError, TypeError):  # a line that somebody else wrote or damaged
                self._absorb(event)
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
    def at_best(self) -> dict | None:
        """The epoch of the best validation accuracy that the test part was measured after, the last of equals."""
        tested = [event for _, event in sorted(self.epochs.items()) if event.get("test")]
        return tested[-1] if tested else None

    def _absorb(self, event: dict) -> None:
        match event["event"]:
            case "steps":
                if event["step"] > self.total_steps:
                    return  # no step of this run
                before = event["step"] - len(event["losses"])
                self._splice(before)
                self.losses.extend([math.nan] * (before - len(self.losses)))  # lines that got lost
                self.losses.extend(event["losses"])
                if isinstance(event.get("rate"), int | float):
                    self.rates.append((event["step"], event["rate"]))
                self.recent.append((event["seconds"], len(event["losses"])))
                self.seconds += event["seconds"]
            case "epoch":
                self.epochs[event["epoch"]] = event
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
        """Steps after `step` are about to be made again: forget them."""
        del self.losses[step:]
        self.rates = [(at, rate) for at, rate in self.rates if at <= step]
        self.epochs = {number: event for number, event in self.epochs.items() if event["step"] <= step}


_readings: dict[Path, Reading] = {}
_lock = threading.Lock()


def reading(log: Path) -> Reading:
    """The up-to-date reading of an event log, shared by everyone in this process."""
    with _lock:
        result = _readings.get(log)
        if result is None or not log.exists() or log.stat().st_size < result.tail.offset:
            result = _readings[log] = Reading(Tail(log))
        return result.update()


def forget(log: Path) -> None:
    """Of a run that has moved."""
    with _lock:
        _readings.pop(log, None)
