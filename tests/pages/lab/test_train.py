"""Train without a browser: what is refused, what is started, and the runs it shows."""

from types import SimpleNamespace

import pytest

import backends
from backends.executors.local import LocalExecutor
from core.runs.events import EventWriter
from core.runs.folder import all_runs, create
from pages.parts.session.state import first_experiment
from tests.support.apps import PAGES, begins, ended_run, errors, ran, unfolded, visit, words


pytestmark = pytest.mark.usefixtures("no_processes")


def test_without_a_backend_there_is_nothing_to_start():
    app = visit("train")
    for name in backends.names():
        ran(app.checkbox(key=f"backend-{name}").uncheck().run())
    assert "Select at least one" in words(app)
    assert app.button(key="start").disabled


def test_a_missing_data_set_says_where_to_get_it_and_cannot_be_started():
    app = visit("train")
    ran(app.selectbox(key="data").select("fer2013").run())
    assert "FER2013" in app.warning[0].value
    assert app.button(key="start").disabled


def test_more_images_than_there_are_is_said_before_the_start():
    app = visit("train")
    ran(app.text_input(key=begins(app, "train-", "text_input")).set_value("5000").run())
    assert "Choose a smaller number" in errors(app)
    assert len(app.error) == 1
    assert app.button(key="start").disabled


SURE_TO_FAIL = {
    "more images than there are": ({"train": 99_999}, {}, "99,999"),
    "more of a class than there are": ({"per_class": [3000]}, {}, "needs 3,000 training images of class"),
    "more of a rare class than there are": ({"imbalance": {"kind": "counts", "keep": {8: 5000}}}, {}, "5,000"),
    "patience without validation": ({"validation": 0}, {"patience": 2}, "early stopping watches the validation loss"),
    "a plateau without validation": (
        {"validation": 0},
        {"schedule": {"kind": "plateau"}},
        "plateau schedule watches the validation loss",
    ),
    "no batch is full": ({}, {"batch_size": 2000, "drop_last": True}, "do not fill one batch of 2000"),
    "no batch is full once classes are made rare": (
        {"imbalance": {"kind": "counts", "keep": {8: 5}}, "balance": {"kind": "undersample"}},
        {"batch_size": 51, "drop_last": True},
        "50 training images do not fill one batch of 51",
    ),
}


@pytest.mark.parametrize("data, training, said", SURE_TO_FAIL.values(), ids=SURE_TO_FAIL)
def test_what_is_sure_to_fail_is_said_and_cannot_be_started(data, training, said):
    app = visit("train")
    draft = app.session_state["lab"].draft
    draft.data |= data
    draft.training |= training
    draft.ticket += 10**6
    app = ran(app.run())
    assert said in errors(app).replace("Early", "early")
    assert app.button(key="start").disabled
    assert not all_runs()


def test_a_network_that_is_too_large_for_the_memory_is_said_before_the_start():
    app = visit("train")
    draft = app.session_state["lab"].draft
    for _ in range(2):
        draft.add("dense")
        draft.rows[-2].layer["units"] = 1_000_000
    app = ran(app.run())
    assert "GB for the network and a batch of" in errors(app)
    assert "GB are free" in errors(app)
    assert app.button(key="start").disabled
    assert len(app.error) == 1
    app = ran(app.switch_page(PAGES["build"]).run())
    assert "GB are free" in errors(app)
    assert app.button(key="to-train").disabled
    [memory] = [metric.value for metric in app.metric if metric.label.startswith("Memory for a batch")]
    assert memory.endswith(" TB")
    assert not any("e+" in metric.value for metric in app.metric)
    assert not unfolded(app, "files").download_button(key="save").disabled


def test_what_is_typed_is_read_once_and_what_lies_outside_each_time(monkeypatch):
    draft = visit("train").session_state["lab"].draft
    first = draft.check()
    assert first.experiment is not None
    assert draft.check().sound is first.sound
    draft.training["epochs"] = "many"
    assert draft.check().general
    assert draft.check().experiment is None
    draft.training["epochs"] = 3
    assert draft.check().experiment.training.epochs == 3
    monkeypatch.setattr("core.training.loop.psutil.virtual_memory", lambda: SimpleNamespace(available=1))
    assert "GB are free" in draft.check().general[0].sentence
    assert draft.check().experiment is None
    assert draft.check().layer_costs
    monkeypatch.undo()
    assert draft.check().experiment.training.epochs == 3
    assert not draft.check().general


def test_a_batch_larger_than_all_images_takes_no_more_memory_than_they_do():
    app = visit("train")
    app.session_state["lab"].draft.training["batch_size"] = 10**9
    app = ran(app.run())
    assert not app.error
    assert not app.button(key="start").disabled


def test_what_a_patience_or_a_batch_size_lacks_is_said_below_the_field():
    app = visit("train")
    ran(app.text_input(key=begins(app, "validation-", "text_input")).set_value("0").run())
    assert not app.button(key="start").disabled
    ran(app.text_input(key=begins(app, "patience-", "text_input")).set_value("2").run())
    assert said_twice(app, "early stopping watches")
    assert app.button(key="start").disabled
    ran(app.text_input(key=begins(app, "patience-", "text_input")).set_value("").run())
    ran(app.checkbox(key=begins(app, "drop-last-", "checkbox")).check().run())
    ran(app.text_input(key=begins(app, "batch-", "text_input")).set_value("2000").run())
    assert said_twice(app, "smaller batches are dropped")
    assert app.button(key="start").disabled
    ran(app.text_input(key=begins(app, "batch-", "text_input")).set_value("32").run())
    assert not app.error
    assert not app.button(key="start").disabled


def said_twice(app, text: str) -> bool:
    """Above the start, and where it was typed."""
    return sum(text in it.value.lower() for it in app.error) == 1 and any(
        text in it.value.lower() for it in app.markdown
    )


@pytest.mark.parametrize(
    "field, typed, said",
    [
        ("batch-", "0", "Batch size: must be at least 1; got 0."),
        ("batch-", "many", "Batch size: enter a whole number; got many."),
        ("epochs-", "0", "Epochs: must be at least 1; got 0."),
        ("epochs-", "", "Epochs: enter a whole number; got nothing."),
        ("epochs-", "1.5", "Epochs: enter a whole number; got 1.5."),
        ("seed-", "-1", "Seed: must be at least 0; got -1."),
        ("seed-", "abc", "Seed: enter a whole number; got abc."),
        ("learning_rate-", "", "Learning rate: enter a number, for example 0.01; got nothing."),
        ("learning_rate-", "nan", "Learning rate: enter a number, for example 0.01; got nan."),
        ("train-", "0", "Training images: must be at least 1; got 0."),
    ],
)
def test_what_a_field_shows_is_what_would_be_started(field, typed, said):
    app = visit("train")
    ran(app.text_input(key=begins(app, field, "text_input")).set_value(typed).run())
    assert said in errors(app)
    assert app.button(key="start").disabled
    assert app.text_input(key=begins(app, field, "text_input")).value == typed
    ran(app.selectbox(key="preset").select("lenet-theano").run())


def test_the_rates_that_were_used_are_drawn_where_they_changed_and_the_test_at_the_best_epoch_is_told():
    run = ended_run("reference", [2.0, 1.0, 0.5])
    with EventWriter(run.events_path) as events:
        events.write(
            "started", step=0, total_steps=4, steps_per_epoch=2, backend="reference", device="cpu", version="1"
        )
        for step, rate in ((2, 0.1), (4, 0.05)):
            events.write("steps", step=step, losses=[1.0, 0.5], seconds=1.0, learning_rate=rate)
            scores = {"loss": 1.0, "accuracy": 0.5 + step / 10}
            events.write("epoch", epoch=step // 2, step=step, validation=scores, seconds=0.1, test=scores)
        events.write("finished", step=4, result=dict.fromkeys(("train", "validation", "test"), scores))
    app = visit("train")
    reported = "\n".join(table.value.to_csv() for table in app.table)
    assert "test accuracy at the best validation epoch" in reported
    assert "(epoch 2)" in reported
    assert run.reading.rates == [(2, 0.1), (4, 0.05)]


def test_a_run_that_ended_early_says_why():
    ended_run("reference", [2.0, 1.0], reason="the time limit of 60 s was reached")
    assert "The time limit of 60 s was reached." in "\n".join(box.value for box in visit("train").info)


def test_the_newest_runs_are_found_again_by_a_new_session():
    ended_run("reference", [2.0, 1.0])
    ended_run("pytorch", [2.0, 1.0])
    app = visit("train")
    assert app.selectbox(key=begins(app, "group-g", "selectbox")).options[0].startswith("small Keras CNN on Digits · ")
    assert "finished" in words(app)
    assert "step 2 / 2" in words(app)


def test_a_run_that_was_killed_says_so_and_offers_to_go_on(monkeypatch):
    run = create(first_experiment(), "reference")
    with EventWriter(run.events_path) as events:
        events.write(
            "started", step=0, total_steps=9, steps_per_epoch=9, backend="reference", device="cpu", version="1"
        )
        events.write("steps", step=1, losses=[2.0], seconds=1.0)
    run.release()
    app = visit("train")
    assert "ended unexpectedly" in errors(app)
    asked = []
    monkeypatch.setattr(LocalExecutor, "resume", lambda _, run, *where: asked.append((run.id, *where)))
    ran(app.button(key=f"run-{run.id}-in-pytorch").click().run())
    assert asked == [(run.id, "pytorch")]


def test_pause_and_stop_reach_the_run():
    run = create(first_experiment(), "reference")
    with EventWriter(run.events_path) as events:
        events.write(
            "started", step=0, total_steps=9, steps_per_epoch=9, backend="reference", device="cpu", version="1"
        )
        events.write("steps", step=1, losses=[2.0], seconds=1.0)
    run.claim("host")
    app = visit("train")
    ran(app.button(key=f"run-{run.id}-pause").click().run())
    assert run.asked() == "pause"
    ran(app.button(key=f"run-{run.id}-stop").click().run())
    assert run.asked() == "stop"
