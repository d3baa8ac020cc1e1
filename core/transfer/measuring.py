"""Measures how useful the features of a trained network are for images or classes that it was not trained on."""

from collections.abc import Callable
from datetime import UTC, datetime

import numpy as np

from core.arrays import Array
from core.backend import Backend
from core.data import catalogue
from core.data.preparation.fitting import check, remark
from core.runs.folder import Run
from core.transfer.classifiers import predicted
from core.transfer.features import Describe, check_layer, describers
from core.transfer.images import Task, task
from core.transfer.plan import Plan, Point, Result


def measured(
    plan: Plan,
    run: Run,
    backend: Backend,
    name: str,
    head: Backend,
    device: str = "cpu",
    on_point: Callable[[Point, float], None] = lambda point, accuracy: None,
) -> Result:
    """Carry out a plan: `backend`, called `name`, computes the features on `device`; `head` trains a new head.

    A draw is the same for all features, and fewer images per class are the beginning of more.

    Calls `on_point` with each point and its accuracy as it is measured. Raises DataError, RunError, QuestionError or
    BackendError.
    """
    check_layer(run.experiment, plan.layer)
    dataset = catalogue.load(plan.data)
    wanted = run.experiment.network.input_shape
    check(dataset.shape, wanted)
    work = task(dataset, plan.classes, plan.each[-1], run.experiment)
    describe = describers(run, plan.step, plan.layer, run.scaling(), backend, device)
    truth = work.labels(work.test)
    points = []
    width = {}
    for features, describer in describe.items():
        test = describer(dataset.images[work.test])
        width[features] = test.shape[1]
        for draw in range(plan.draws):
            for each, x, y in _examples(plan, work, describer, draw):
                answers = predicted(plan.classifier, x, y, test, head, plan.seed + draw)
                points.append(Point(features=features, each=each, draw=draw, right=int(np.sum(answers == truth))))
                on_point(points[-1], points[-1].right / len(truth))
    return Result(
        plan=plan,
        experiment=run.experiment.hash,
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        backend=name,
        version=backend.version(),
        images=len(truth),
        classes=work.names,
        width=width,
        remark=remark(dataset.shape, wanted),
        points=tuple(points),
    )


def _examples(plan: Plan, work: Task, describer: Describe, draw: int) -> list[tuple[int, Array, Array]]:
    """(images per class, features (N, F), labels (N,)) for each number of images per class of one draw."""
    rows = work.drawn(plan.each[-1], plan.seed, draw)
    x = describer(work.dataset.images[rows.ravel()]).reshape(*rows.shape, -1)
    y = work.labels(rows.ravel()).reshape(rows.shape)
    return [(each, x[:, :each].reshape(-1, x.shape[2]), y[:, :each].ravel()) for each in plan.each]
