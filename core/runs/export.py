"""Exporting runs: their folders as a zip, their losses and epochs as CSV, TensorBoard event files."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from core.runs.folder import Run
from core.runs.tensorboard import event_file


LOCAL_FILES = ("owner.json", "control", "claim")
"""Which process owns the run, and what it was asked to do: meaningless on another machine."""


def archive(runs: list[Run]) -> bytes:
    """A zip with one folder per run, including snapshots and notes."""
    return _zip(
        (f"{run.id}/{path.relative_to(run.path).as_posix()}", path.read_bytes())
        for run in runs
        for path in sorted(run.path.rglob("*"))
        if path.is_file() and path.name not in LOCAL_FILES and path.suffix != ".part"
    )


def tensorboard(runs: list[Run]) -> bytes:
    """A zip with one folder per run; unpack it and open the folder with `tensorboard --logdir`."""
    return _zip((f"{run.id}/events.out.tfevents.0.convscope", event_file(run)) for run in runs)


def steps_csv(runs: list[Run]) -> str:
    """One line per step."""
    rows = ((run.id, run.backend, run.experiment.seed, *point) for run in runs for point in _points(run))
    return _csv(("run", "backend", "seed", "step", "loss"), rows)


def epochs_csv(runs: list[Run]) -> str:
    """One line per epoch; a cell is empty if that score was not measured."""
    header = ("run", "backend", "seed", "epoch", "step", "training_loss", "validation_loss", "validation_accuracy")
    return _csv(header, (row for run in runs for row in _epochs(run)))


def _points(run: Run) -> Iterator[tuple[int, float]]:
    steps, losses = run.curve()
    return zip(steps.tolist(), losses.tolist(), strict=True)


def _epochs(run: Run) -> Iterator[tuple[Any, ...]]:
    for entry in run.epochs():
        scores = entry["validation"] or {}
        numbers = (entry["training_loss"], scores.get("loss"), scores.get("accuracy"))
        yield run.id, run.backend, run.experiment.seed, entry["epoch"], entry["step"], *numbers


def _csv(header: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    return text.getvalue()


def _zip(files: Iterable[tuple[str, bytes]]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return packed.getvalue()
