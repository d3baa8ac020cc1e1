"""What a run took: read from its folder, by hand on small numbers."""

import pytest

from core.experiment.experiment import changed
from core.recipe.training import TrainingRecipe
from core.runs.cost_report import effort, seen
from core.runs.events import EventWriter
from core.runs.folder import create
from core.training.loop import epoch_order, steps_per_epoch
from tests.support.apps import ended_run, visit, words
from tests.support.small import small_experiment


def recorded(tmp_path, rows=None, steps=4, **recipe):
    """Four batches of 30 an epoch from 100 images, half a second a step, one second of evaluation."""
    experiment = small_experiment(train=100, batch_size=30, **recipe)
    run = create(experiment, "reference", folder=tmp_path)
    with EventWriter(run.events_path) as events:
        about = {"rows": {"train": rows}} if rows else {}
        events.write("started", step=0, total_steps=8, steps_per_epoch=4, backend="reference", device="cpu", **about)
        if steps:
            events.write("steps", step=steps, losses=[1.0] * steps, seconds=0.5 * steps)
            events.write("epoch", epoch=1, step=steps, validation={}, seconds=1.0)
    return run


def test_time_and_images_are_those_of_the_steps_made(tmp_path):
    result = effort(recorded(tmp_path, rows=100))
    assert result.epoch_seconds == 3.0
    assert result.images_per_second == pytest.approx(100 / 3)


def test_what_was_not_recorded_is_not_told(tmp_path):
    assert effort(recorded(tmp_path)).images_per_second is None
    nothing = effort(recorded(tmp_path, rows=100, steps=0))
    assert nothing.epoch_seconds is None
    assert nothing.images_per_second is None


@pytest.mark.parametrize("drop_last", [True, False])
@pytest.mark.parametrize("rows", [90, 100])
def test_the_images_of_so_many_steps_are_those_that_the_loop_shows(rows, drop_last):
    recipe = TrainingRecipe(batch_size=30, drop_last=drop_last)
    an_epoch = steps_per_epoch(recipe, rows)
    order = epoch_order(recipe, rows, 1, 1)
    batches = [len(order[at * 30 : (at + 1) * 30]) for at in range(an_epoch)]
    for steps in range(3 * an_epoch):
        assert seen(recipe, rows, steps) == sum((batches * 3)[:steps])


def test_parameters_and_multiply_adds_are_those_of_its_network(tmp_path):
    result = effort(recorded(tmp_path))
    assert result.parameters == (4 * 9 + 4) + (4 * 7 * 7 * 10 + 10)
    assert result.multiply_adds == 4 * 9 * 14 * 14 + 4 * 7 * 7 * 10
    assert result.device == "cpu"


@pytest.mark.usefixtures("no_processes")
@pytest.mark.parametrize("page", ["train", "compare"])
def test_the_results_tell_what_each_run_took(page):
    experiment = changed(small_experiment(), **{"training.epochs": 1})
    for backend in ("reference", "pytorch"):
        ended_run(backend, [2.0, 1.0], experiment)
    app = visit(page)
    results = next(table.value for table in app.table if "result" in table.value.columns)
    reported = dict(zip(results["result"], results["PyTorch"], strict=True))
    assert reported["**time per epoch**"] == "2.1 s"
    assert reported["**device**"] == "cpu"
    assert reported["**parameters**"] == "2,010"
    assert reported["**multiply-adds per image**"] == "9,016"
    assert reported["**images per second**"] == "–", words(app)
