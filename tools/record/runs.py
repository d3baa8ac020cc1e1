"""Runs that lessons replay: recipes/NAME.toml -> NAME.json, with the loss curve and the results.

A recipe has preset, data, backend, and in [changes] all differences from the preset, by dotted path.
"""

import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import backends
from backends.executors.inline import InlineExecutor
from core.experiment import presets
from core.experiment.experiment import changed
from core.recordings.run import Epoch, downsampled
from core.runs.event_log_state import reading
from core.runs.folder import Run, RunError
from tools.record.training import computed_by, dataset


POINTS = 120


def run(recipe: Path) -> dict:
    """The fields of Recorded."""
    with finished(recipe) as done:
        result = reading(done.events_path)
        steps, losses = downsampled(result.losses, POINTS)
        return {
            **computed_by(done.backend),
            "experiment": done.experiment,
            "seconds": round(result.seconds, 1),
            "steps": steps,
            "losses": losses,
            "epochs": tuple(_epoch(event) for event in result.epochs.values() if event["validation"]),
            "results": {part: measured for part, measured in done.events()[-1]["result"].items() if measured},
        }


@contextmanager
def finished(recipe: Path) -> Iterator[Run]:
    """Train a recipe in a temporary folder. Raises DataError if data are missing, RunError if training fails."""
    fields = tomllib.loads(recipe.read_text(encoding="utf-8"))
    dataset(fields["data"])
    experiment = changed(presets.experiment(fields["preset"], fields["data"]), **fields.get("changes", {}))
    with tempfile.TemporaryDirectory() as folder:
        executor = InlineExecutor(backends.load(fields["backend"]))
        done = executor.start(experiment, fields["backend"], folder=Path(folder))
        if (last := done.events()[-1])["event"] != "finished":
            raise RunError(f"{recipe.stem}: {last['reason']}")
        yield done


def _epoch(event: dict) -> Epoch:
    measured = event["validation"]
    return Epoch(step=event["step"], loss=round(measured["loss"], 5), accuracy=round(measured["accuracy"], 5))
