"""The networks that come with ConvScope: run folders, trained on MNIST, with the weights of many steps."""

import shutil
import tempfile
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np

import backends
from backends.executors.inline import InlineExecutor
from core import files
from core.data.preparation.augmentation import Rotate, Shift, Zoom
from core.data.recipe import DataRecipe
from core.experiment.experiment import Experiment
from core.network.costs import parameters
from core.network.initializers import HeNormal
from core.network.layers import Activation, Conv2D, Dense, Flatten, Pool
from core.network.network import Network
from core.recipe.optimizers import SGD, Adam
from core.recipe.remember import Remember
from core.recipe.schedules import CosineSchedule
from core.recipe.training import TrainingRecipe
from core.recordings.network import EXAMPLES
from core.recordings.recording import FOLDER
from core.runs import snapshots
from core.runs.events import EventWriter
from core.runs.folder import Run, RunError
from core.runs.preparation import FILE as PREPARATION
from tools.record.training import computed_by, mnist


BACKEND = "pytorch"
NETWORKS = FOLDER / "networks"
KEPT_FILES = ("experiment.json", "run.json", PREPARATION)
STEPS_PER_EVENT = 100

_CNN: list[Any] = [
    *(
        Conv2D(name="conv1", filters=8, kernel_size=5, weights=HeNormal()),
        Activation(name="relu1", function="relu"),
        Pool(name="pool1"),
    ),
    *(
        Conv2D(name="conv2", filters=16, kernel_size=5, weights=HeNormal()),
        Activation(name="relu2", function="relu"),
        Pool(name="pool2"),
    ),
    *(Flatten(name="flat"), Dense(name="logits", units=10)),
]
_DENSE: list[Any] = [
    Flatten(name="flat"),
    Dense(name="hidden", units=30),
    Activation(name="sigmoid", function="sigmoid"),
    Dense(name="logits", units=10),
]

EXPERIMENTS = {
    "mnist-cnn": Experiment(
        title="A small CNN on MNIST",
        data=DataRecipe(
            name="mnist",
            train=55_000,
            validation=5_000,
            augmentation=(Shift(pixels=2), Rotate(degrees=12), Zoom(by=0.12)),
        ),
        network=Network(input_shape=(1, 28, 28), layers=_CNN),
        training=TrainingRecipe(
            optimizer=Adam(learning_rate=0.003),
            schedule=CosineSchedule(),
            batch_size=64,
            epochs=8,
            remember=Remember(states=20),
        ),
    ),
    "mnist-dense": Experiment(
        title="A network without convolutions on MNIST",
        data=DataRecipe(name="mnist", train=55_000, validation=5_000),
        network=Network(input_shape=(1, 28, 28), layers=_DENSE),
        training=TrainingRecipe(
            optimizer=SGD(learning_rate=0.5), batch_size=10, epochs=5, remember=Remember(states=10)
        ),
    ),
}


def network(name: str) -> dict[str, Any]:
    """Train it and write its run folder; returns the fields of its card."""
    data, experiment = mnist(), EXPERIMENTS[name]
    with tempfile.TemporaryDirectory() as folder:
        executor = InlineExecutor(backends.load(BACKEND))
        run = executor.start(experiment, BACKEND, folder=Path(folder))
        if (last := run.events()[-1])["event"] != "finished":
            raise RunError(f"{name}: {last['reason']}")
        rows = (run.reading.started or {})["rows"]
        _ship(run, NETWORKS / name)
    first = [int(np.flatnonzero(data.labels[data.parts["test"]] == label)[0]) for label in range(10)]
    shown = np.array(data.parts["test"])[first]
    files.save(NETWORKS / name / EXAMPLES, {"images": data.images[shown], "labels": data.labels[shown]})
    return {
        **computed_by(BACKEND),
        "title": experiment.title,
        "data": experiment.data.name,
        "training_images": rows["train"],
        "parameters": parameters(experiment.network),
        "steps": last["step"],
        "test_images": rows["test"],
        "test_accuracy": last["result"]["test"]["accuracy"],
    }


def _ship(run: Run, folder: Path) -> None:
    """Copy what is needed to look inside: the newest snapshot, the remembered weights, the shortened events."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "state").mkdir(parents=True)
    for name in KEPT_FILES:
        shutil.copy(run.path / name, folder / name)
    with EventWriter(folder / run.events_path.name) as events:
        for event in shortened(run.events()):
            events.write(event.pop("event"), **event)
    newest = snapshots.steps(run.state_path)[-1]
    shutil.copy(newest, folder / "state" / newest.name)
    shutil.copytree(run.state_path / "history", folder / "state" / "history")


def shortened(events: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The same events, but the reports of STEPS_PER_EVENT training steps are joined to one, and losses have only the
    digits that a float32 needs."""
    for part, group in groupby(events, lambda it: it["step"] // STEPS_PER_EVENT if it["event"] == "steps" else None):
        reports = list(group)
        if part is None:
            yield from reports
        else:
            losses = [float(str(np.float32(loss))) for report in reports for loss in report["losses"]]
            yield {**reports[-1], "losses": losses, "seconds": round(sum(it["seconds"] for it in reports), 6)}
