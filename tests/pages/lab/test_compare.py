"""Compare without a browser: the first step where runs part, and what was different."""

import numpy as np
import pytest

from core.experiment.experiment import changed
from core.runs.events import EventWriter
from core.runs.notes import Notes, write
from pages.parts.runs.run_names import distinct, label
from pages.parts.session.state import first_experiment
from tests.support.apps import begins, ended_run, ran, visit, words


pytestmark = pytest.mark.usefixtures("no_processes")


def test_compare_names_the_first_step_beyond_the_tolerance():
    ended_run("reference", [2.5, 2.0, 1.5])
    ended_run("pytorch", [2.5, 2.0, 1.2])
    app = visit("compare")
    assert "diverge at **step 3**: 1.5 and 1.2, a relative difference of 0.2" in words(app)
    assert "Only the backend" in words(app)
    ran(app.selectbox(key="tolerance").select(0.1).run())
    assert "diverge at **step 3**" in words(app)


def test_compare_says_what_was_different_about_two_runs():
    ended_run("reference", [2.5, 2.0])
    ended_run("pytorch", [2.5, 2.0], changed(first_experiment(), seed=7))
    app = visit("compare")
    assert "`seed`" in str(app.table[-1].value)


def test_compare_with_nothing_or_one_run_says_what_to_do():
    assert "no run has completed a training step" in words(visit("compare"))
    ended_run("reference", [2.5])
    assert "Add a second run above" in words(visit("compare"))


def test_a_long_table_is_made_when_it_is_asked_for_and_thinned():
    many = np.linspace(2.5, 0.5, 64_000).tolist()
    for backend in ("reference", "pytorch"):
        ended_run(backend, many)
    app = visit("compare")
    assert not app.dataframe
    for start in ("table-losses-", "table-apart-"):
        ran(app.toggle(key=begins(app, start, "toggle")).set_value(True).run())
    assert [len(table.value) for table in app.dataframe] == [1000, 1000]
    assert "1,000 of 64,000 steps" in words(app)


def test_a_run_that_was_resumed_elsewhere_names_its_backends_in_order():
    run = ended_run("pytorch", [2.0, 1.0])
    with EventWriter(run.events_path) as events:
        for backend in ("pytorch", "tensorflow"):
            events.write(
                "resumed", step=2, total_steps=2, steps_per_epoch=2, backend=backend, device="cpu", version="1"
            )
        events.write("finished", step=2, result={})
    assert label(run) == "PyTorch, then TensorFlow"
    assert "**PyTorch, then TensorFlow** :green-badge[finished]" in words(visit("train"))


def test_a_choice_from_an_older_list_of_runs_cannot_be_taken_for_one_from_the_new_list():
    ended_run("reference", [2.0, 1.0], group="old")
    app = visit("train")
    before = begins(app, "group-", "selectbox")
    ended_run("pytorch", [2.0, 1.0], group="old")
    ran(app.run())
    after = begins(app, "group-", "selectbox")
    assert before != after
    assert app.selectbox(key=after).value == "old"


def test_many_runs_that_were_started_together_make_no_wall_of_pairs():
    for seed in range(1, 10):
        ended_run("reference", [2.5, 2.0 + seed / 10], changed(first_experiment(), seed=seed), group="seeds")
    app = visit("compare")
    assert len(app.multiselect[0].value) == 6
    assert "first 6 of 9 runs started together" in words(app)
    assert words(app).count("diverge at **step 2**") == 5
    assert "each is compared only with the first one" in words(app)
    assert "**NumPy reference, seed 1** and **NumPy reference, seed 3** diverge at" in words(app)
    ran(app.multiselect[0].set_value(app.multiselect[0].value[:3]).run())
    assert words(app).count("diverge at **step 2**") == 3
    assert "compared with the first one alone" not in words(app)


def test_it_opens_with_one_experiment_on_several_backends_before_newer_runs_of_different_ones():
    for backend in ("reference", "pytorch"):
        ended_run(backend, [2.5, 2.0], group="backends")
    for seed in (3, 4):
        ended_run("pytorch", [2.4, 2.1], changed(first_experiment(), seed=seed), group="seeds")
    assert "Only the backend" in words(visit("compare"))


def test_runs_of_one_backend_are_told_apart_by_what_a_person_knows_of_them():
    one, other = (
        ended_run("pytorch", [2.5], changed(first_experiment(), title=it)) for it in ("wide", "d*ep <b>[er](x)")
    )
    assert distinct([one, other]) == ["PyTorch, wide", "PyTorch, d ep b er (x)"]
    write(other.path, Notes(name="deeper"))
    assert distinct([one, other, ended_run("reference", [2.5])]) == [
        "PyTorch, wide",
        "PyTorch, deeper",
        "NumPy reference",
    ]
    seeds = [ended_run("pytorch", [2.5], changed(first_experiment(), seed=seed)) for seed in (1, 2)]
    assert distinct(seeds) == ["PyTorch, seed 1", "PyTorch, seed 2"]
    title = first_experiment().title
    both = [one, *seeds, ended_run("pytorch", [2.5], changed(first_experiment(), title="wide", seed=9))]
    assert distinct(both)[1:] == [f"PyTorch, {title}, seed 1", f"PyTorch, {title}, seed 2", "PyTorch, wide, seed 9"]
    again = ended_run("pytorch", [2.5], changed(first_experiment(), seed=2))
    assert distinct([seeds[1], again]) == [f"PyTorch {run.id[-6:]}" for run in (seeds[1], again)]


def test_runs_of_a_tuning_are_told_apart_by_the_setting_that_differs():
    rates = [
        ended_run("pytorch", [2.5], changed(first_experiment(), **{"training.optimizer.learning_rate": rate}))
        for rate in (0.1, 0.01)
    ]
    assert distinct(rates) == ["PyTorch, learning rate 0.1", "PyTorch, learning rate 0.01"]
    wide = changed(first_experiment(), **{"training.optimizer.learning_rate": 0.1, "training.batch_size": 64})
    assert distinct([rates[1], ended_run("pytorch", [2.5], wide)]) == [
        "PyTorch, learning rate 0.01, batch size 32",
        "PyTorch, learning rate 0.1, batch size 64",
    ]
