"""A finished run with saved predictions, for pages that evaluate it."""

import numpy as np

from core.data import catalogue
from core.data.splits import split
from core.metrics.evaluation import Evaluation
from core.runs import predictions
from core.runs.events import EventWriter
from core.runs.folder import create
from core.runs.predictions import Predictions
from core.training.loop import measured
from pages.parts.session.state import first_experiment


def evaluated_run(folder=None, experiment=None, parts=("validation", "test"), noise=1.5, rng_seed=5):
    """A finished run with saved logits: that of the true class is 3 larger than the others, plus noise."""
    experiment = experiment or first_experiment()
    run = create(experiment, "pytorch", group="g", folder=folder)
    dataset = catalogue.load("digits")
    rows = split(dataset, experiment.data, experiment.seed)
    counts = np.bincount(dataset.labels[rows["train"]], minlength=10)
    rng, result = np.random.default_rng(rng_seed), {}
    for part in parts:
        labels = dataset.labels[rows[part]]
        logits = (3 * np.eye(10)[labels] + noise * rng.normal(size=(len(labels), 10))).astype(np.float32)
        predictions.save(run.predictions_path, part, Predictions(logits, labels, rows[part], counts))
        result[part] = measured(logits, labels, experiment.training.loss)
    with EventWriter(run.events_path) as events:
        events.write("started", step=0, total_steps=2, steps_per_epoch=2, backend="pytorch", device="cpu", version="1")
        events.write("steps", step=2, losses=[2.0, 1.0], seconds=2.0)
        events.write("finished", step=2, result=result)
    run.release()
    return run


def judged(run, part="test") -> Evaluation:
    recording = predictions.load(run.predictions_path, part)
    return Evaluation(recording.logits, recording.labels)
