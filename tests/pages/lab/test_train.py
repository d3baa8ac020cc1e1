"""Train without a browser: what can be chosen, what is refused, and the runs it shows."""

import json
import os
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import backends
from backends.executors.local import LocalExecutor
from core.data import catalogue
from core.data.prepared import prepare
from core.drafts.draft import Draft
from core.formulas import recipe as formulas
from core.formulas.balance import PRECISIONS, ROW_ORDERS
from core.runs.events import EventWriter
from core.runs.folder import all_runs, create
from core.training.loop import rates
from pages.parts.session.state import first_experiment
from pages.ui.inputs import number_of, number_text, whole_of
from tests.support.apps import PAGES, begins, ended_run, errors, mend, ran, unfolded, visit, words


pytestmark = pytest.mark.usefixtures("no_processes")


def test_without_a_backend_there_is_nothing_to_start():
    app = visit("train")
    for name in backends.names():
        ran(app.checkbox(key=f"backend-{name}").uncheck().run())
    assert "tick at least one" in words(app)
    assert app.button(key="start").disabled


def test_a_missing_data_set_says_where_to_get_it_and_cannot_be_started():
    app = visit("train")
    ran(app.selectbox(key="data").select("fer2013").run())
    assert "FER2013" in app.warning[0].value and app.button(key="start").disabled


def test_more_pictures_than_there_are_is_said_before_the_start():
    app = visit("train")
    ran(app.text_input(key=begins(app, "train-", "text_input")).set_value("5000").run())
    assert "Ask for fewer" in errors(app) and len(app.error) == 1 and app.button(key="start").disabled


SURE_TO_FAIL = {
    "more pictures than there are": ({"train": 99_999}, {}, "99,999"),
    "more of a class than there are": ({"per_class": [3000]}, {}, "asks for 3,000 training pictures of class"),
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
        "50 training pictures do not fill one batch of 51",
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
    assert said in errors(app).replace("Early", "early") and app.button(key="start").disabled
    assert not all_runs()


def test_a_network_that_is_too_large_for_the_memory_is_said_before_the_start():
    app = visit("train")
    draft = app.session_state["lab"].draft
    for _ in range(2):
        draft.add("dense")
        draft.rows[-2].layer["units"] = 1_000_000
    app = ran(app.run())
    assert "GB for the network and a batch of" in errors(app) and "GB are free" in errors(app)
    assert app.button(key="start").disabled and len(app.error) == 1
    app = ran(app.switch_page(PAGES["build"]).run())
    assert "GB are free" in errors(app) and app.button(key="to-train").disabled
    [memory] = [found.value for found in app.metric if found.label.startswith("Memory for a batch")]
    assert memory.endswith(" TB") and not any("e+" in found.value for found in app.metric)
    assert not unfolded(app, "files").download_button(key="save").disabled


def test_what_is_typed_is_read_once_and_what_lies_outside_each_time(monkeypatch):
    draft = visit("train").session_state["lab"].draft
    first = draft.check()
    assert first.experiment is not None and draft.check().sound is first.sound
    draft.training["epochs"] = "many"
    assert draft.check().general and draft.check().experiment is None
    draft.training["epochs"] = 3
    assert draft.check().experiment.training.epochs == 3
    monkeypatch.setattr("core.training.loop.psutil.virtual_memory", lambda: SimpleNamespace(available=1))
    assert (
        "GB are free" in draft.check().general[0].sentence and draft.check().experiment is None and draft.check().bills
    )
    monkeypatch.undo()
    assert draft.check().experiment.training.epochs == 3 and not draft.check().general


def test_a_batch_larger_than_all_pictures_takes_no_more_memory_than_they_do():
    app = visit("train")
    app.session_state["lab"].draft.training["batch_size"] = 10**9
    app = ran(app.run())
    assert not app.error and not app.button(key="start").disabled


def test_what_a_patience_or_a_batch_size_lacks_is_said_below_the_field():
    app = visit("train")
    ran(app.text_input(key=begins(app, "validation-", "text_input")).set_value("0").run())
    assert not app.button(key="start").disabled
    ran(app.text_input(key=begins(app, "patience-", "text_input")).set_value("2").run())
    assert said_twice(app, "early stopping watches") and app.button(key="start").disabled
    ran(app.text_input(key=begins(app, "patience-", "text_input")).set_value("").run())
    ran(app.checkbox(key=begins(app, "drop-last-", "checkbox")).check().run())
    ran(app.text_input(key=begins(app, "batch-", "text_input")).set_value("2000").run())
    assert said_twice(app, "smaller batches are dropped") and app.button(key="start").disabled
    ran(app.text_input(key=begins(app, "batch-", "text_input")).set_value("32").run())
    assert not app.error and not app.button(key="start").disabled


def said_twice(app, text: str) -> bool:
    """Above the start, and where it was typed."""
    return sum(text in it.value.lower() for it in app.error) == 1 and any(
        text in it.value.lower() for it in app.markdown
    )


@pytest.mark.parametrize(
    "fields", [{"expansion": "one_pixel_shifts"}, {"imbalance": {"kind": "long_tail", "ratio": 20}}]
)
def test_the_batches_of_a_penalty_and_the_steps_of_a_rate_are_those_of_the_training_to_come(fields):
    app = visit("train")
    draft = app.session_state["lab"].draft
    draft.data |= fields
    draft.training["penalties"]["over_batches"] = True
    app = ran(app.run())
    experiment = draft.check().experiment
    rows = len(prepare(catalogue.load("digits"), experiment.data, experiment.seed).train)
    assert f"m = {rows // experiment.training.batch_size:,} batches" in words(app)
    steps = experiment.training.epochs * -(-rows // experiment.training.batch_size)
    assert any(f"The rate of each of the {steps:,} steps" in str(it.proto) for it in app.get("bidi_component"))


def test_each_optimizer_keeps_the_rate_that_was_typed_for_it():
    app = visit("train")
    ran(app.text_input(key=begins(app, "rate-adam", "text_input")).set_value("0.005").run())
    ran(app.selectbox(key=begins(app, "optimizer-", "selectbox")).select("sgd").run())
    ran(app.text_input(key=begins(app, "rate-sgd", "text_input")).set_value("0").run())
    assert "greater than 0" in errors(app) and app.button(key="start").disabled
    ran(app.selectbox(key=begins(app, "optimizer-", "selectbox")).select("adam").run())
    assert app.text_input(key=begins(app, "rate-adam", "text_input")).value == "0.005" and not app.error


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("batch-", "0", "Batch size: must be at least 1; got 0."),
        ("batch-", "many", "Batch size: write a whole number; got many."),
        ("epochs-", "0", "Epochs: must be at least 1; got 0."),
        ("epochs-", "", "Epochs: write a whole number; got nothing."),
        ("epochs-", "1.5", "Epochs: write a whole number; got 1.5."),
        ("seed-", "-1", "Seed: must be at least 0; got -1."),
        ("seed-", "abc", "Seed: write a whole number; got abc."),
        ("rate-", "", 'Rate: write a number, as "0.01"; got nothing.'),
        ("rate-", "nan", 'Rate: write a number, as "0.01"; got nan.'),
        ("train-", "0", "Training pictures: must be at least 1; got 0."),
    ],
)
def test_what_a_field_shows_is_what_would_be_started(field, typed, said):
    app = visit("train")
    ran(app.text_input(key=begins(app, field, "text_input")).set_value(typed).run())
    assert said in errors(app)
    assert app.button(key="start").disabled
    assert app.text_input(key=begins(app, field, "text_input")).value == typed
    ran(app.selectbox(key="preset").select("lenet-theano").run())


def test_a_large_rate_is_shown_with_all_its_digits():
    assert [number_text(value) for value in (1e6, 0.1, 1e-8)] == ["1000000", "0.1", "1e-08"]
    assert [number_of(text) for text in ("1000000", "1e-3", "inf", "²")] == [1e6, 0.001, "inf", "²"]
    assert [whole_of(text) for text in ("64", " 7 ", "-1", "²", "9" * 5000)] == [64, 7, -1, "²", "9" * 5000]


def test_every_number_of_an_optimizer_can_be_typed_and_stands_in_its_formula():
    app = visit("train")
    ran(app.selectbox(key=begins(app, "optimizer-", "selectbox")).select("adamw").run())
    for field, value in (("rate", 0.02), ("beta1", 0.8), ("beta2", 0.95), ("epsilon", 1e-7), ("decay", 0.03)):
        ran(app.text_input(key=begins(app, f"{field}-adamw", "text_input")).set_value(str(value)).run())
    formula = app.latex[0].value
    assert all(number in formula for number in ("0.02", "0.8", "0.95", "10^{-7}", "0.03"))
    assert not app.error and not app.button(key="start").disabled


@pytest.mark.parametrize("kind", ["sgd", "momentum", "nesterov", "adagrad", "adadelta", "rmsprop", "adam", "adamw"])
def test_every_optimizer_can_be_chosen_and_explains_itself(kind):
    app = visit("train")
    ran(app.selectbox(key=begins(app, "optimizer-", "selectbox")).select(kind).run())
    assert formulas.SENTENCES[kind] in words(app) and not app.button(key="start").disabled


@pytest.mark.parametrize("kind", ["constant", "step", "exponential", "inverse", "cosine", "plateau"])
def test_the_rate_is_drawn_before_training(kind):
    app = visit("train")
    ran(app.selectbox(key=begins(app, "schedule-", "selectbox")).select(kind).run())
    ran(app.text_input(key=begins(app, "warm-up-", "text_input")).set_value(str(40)).run())
    assert formulas.SENTENCES[kind] in words(app)
    assert "2.5e-05 at the first step, at most 0.001" in words(app)


def test_penalties_stand_in_the_loss_and_a_patience_in_the_experiment():
    app = visit("train")
    ran(app.text_input(key=begins(app, "output-l2", "text_input")).set_value(str(0.01)).run())
    assert r"\frac{0.01}{2} \sum w_{\text{output}}^2" in app.latex[-1].value
    ran(app.text_input(key=begins(app, "patience-", "text_input")).set_value(str(3)).run())
    ran(app.text_input(key=begins(app, "time-limit-", "text_input")).set_value(str(60.0)).run())
    ran(app.selectbox(key=begins(app, "batch-order-", "selectbox")).select("with replacement").run())
    ran(app.checkbox(key=begins(app, "drop-last-", "checkbox")).check().run())
    ran(app.button(key="start").click().run())
    made = json.loads(next(Path(os.environ["CONVSCOPE_RUNS"]).glob("*/experiment.json")).read_text())["training"]
    found = [made[name] for name in ("patience", "time_limit", "order", "drop_last")]
    assert found == [3, 60, "with replacement", True] and made["penalties"]["output"]["l2"] == 0.01


@pytest.mark.parametrize(
    "kind, field, value, shown",
    [
        ("cross_entropy", "smoothing", 0.25, r"-0.75\,\log p_y"),
        ("focal", "gamma", 3, "(1 - p_y)^{3}"),
        ("logit_adjusted", "tau", 0.5, r"0.5\,\log \pi"),
        ("binary_cross_entropy", None, None, r"\log \sigma(z_y)"),
        ("squared_error", None, None, "(z_k - t_k)^2"),
    ],
)
def test_every_loss_can_be_chosen_with_its_numbers_and_explains_itself(kind, field, value, shown):
    app = visit("train")
    ran(app.selectbox(key=begins(app, "loss-", "selectbox")).select(kind).run())
    if field:
        ran(app.text_input(key=begins(app, f"{field}-", "text_input")).set_value(str(value)).run())
    assert formulas.SENTENCES[kind] in words(app) and any(shown in latex.value for latex in app.latex)
    ran(app.button(key="start").click().run())
    made = json.loads(next(Path(os.environ["CONVSCOPE_RUNS"]).glob("*/experiment.json")).read_text())["training"]
    assert made["loss"]["kind"] == kind and (field is None or made["loss"][field] == value)


def test_negative_log_likelihood_asks_for_a_softmax_layer_and_gets_it_with_a_click():
    app = visit("train")
    ran(app.selectbox(key=begins(app, "loss-", "selectbox")).select("negative_log_likelihood").run())
    assert "does not end in softmax" in errors(app) and app.button(key="start").disabled
    assert any(r"-\log z_y" in latex.value for latex in app.latex)
    ran(mend(app, "Put a softmax layer at the end").click().run())
    assert not app.error
    ran(app.button(key="start").click().run())
    made = json.loads(next(Path(os.environ["CONVSCOPE_RUNS"]).glob("*/experiment.json")).read_text())
    assert made["training"]["loss"]["kind"] == "negative_log_likelihood"
    assert made["network"]["layers"][-1]["function"] == "softmax"


def test_targets_and_sums_of_a_loss_are_choices():
    app = visit("train")
    ran(app.selectbox(key=begins(app, "loss-", "selectbox")).select("squared_error").run())
    ran(app.selectbox(key=begins(app, "targets-", "selectbox")).select("one-hot").run())
    ran(app.selectbox(key=begins(app, "classes-", "selectbox")).select("half sum").run())
    ran(app.selectbox(key=begins(app, "reduction-", "selectbox")).select("sum").run())
    assert "a larger batch makes larger steps" in words(app)
    ran(app.button(key="start").click().run())
    made = json.loads(next(Path(os.environ["CONVSCOPE_RUNS"]).glob("*/experiment.json")).read_text())["training"]
    expected = {"kind": "squared_error", "targets": "one-hot", "classes": "half sum", "reduction": "sum"}
    assert made["loss"] == expected


def test_network3s_ways_are_taken_one_by_one_or_all_at_once():
    app = visit("train")
    lacking = [button.key for button in app.button if str(button.key).startswith("network3-")]
    assert "network3-all" in lacking and len(lacking) > 4
    ran(app.button(key=lacking[0]).click().run())
    assert lacking[0] not in [button.key for button in app.button]
    one = {button.label for button in app.button if str(button.key).startswith("network3-")}
    ran(app.button(key="network3-all").click().run())
    left = [button.key for button in app.button if str(button.key).startswith("network3-")]
    assert left == ["network3-undo"]
    ran(app.button(key="network3-undo").click().run())
    assert {button.label for button in app.button if str(button.key).startswith("network3-")} == one
    ran(app.button(key="network3-all").click().run())
    ran(app.button(key="start").click().run())
    made = json.loads(next(Path(os.environ["CONVSCOPE_RUNS"]).glob("*/experiment.json")).read_text())
    recipe = made["training"]
    assert [recipe[name] for name in ("order", "drop_last", "test_at_best")] == ["fixed", True, True]
    assert recipe["penalties"]["over_batches"] and made["network"]["layers"][0]["weights"]["kind"] == "one_over_out"


def test_dropout_can_be_put_on_the_input():
    draft = Draft.of(first_experiment())
    draft.add("dropout")
    place = next(place for place, row in enumerate(draft.rows) if row.layer["kind"] == "dropout")
    for _ in range(place):
        draft.move(place, -1)
        place -= 1
    draft.set_layer(0, "how", "classic")
    made = draft.check().experiment
    assert made.network.layers[0].kind == "dropout" and made.network.layers[0].how == "classic"


def test_a_run_of_the_rate_finder_shows_its_curve_and_its_rate_is_taken():
    app = visit("train")
    ran(app.button(key="find-rate").click().run())
    folder = Path(os.environ["CONVSCOPE_RUNS"]) / ".rates"
    assert len(list(folder.glob("*/run.json"))) == 1 and not list(folder.parent.glob("*/run.json"))
    run = all_runs(folder)[0]
    tried = rates(run.experiment.training, run.experiment.data.train)
    losses = 2.3 - np.maximum(np.log10(tried / 1e-5), 0) * 0.4
    with EventWriter(run.events_path) as events:
        about = {"backend": "reference", "device": "cpu", "version": "1"}
        events.write("started", step=0, total_steps=100, steps_per_epoch=34, **about)
        good = int(np.sum(tried < 0.3))
        events.write("steps", step=good, losses=losses[:good].tolist(), seconds=1.0, rate=0.3)
        events.write("failed", reason="the loss is nan at step 90: conv1's weights overflowed first")
    run.disown()
    ran(app.run())
    assert re.search(r"lowest at 0\.2\d?; a tenth of that is \*\*0\.0[23]\*\*", words(app)) and "blew up" in words(app)
    taken = begins(app, "take-", "button")
    ran(app.button(key=taken).click().run())
    assert app.text_input(key=begins(app, "rate-adam", "text_input")).value in ("0.02", "0.03")


def test_a_run_of_the_rate_finder_that_learnt_nothing_suggests_nothing():
    app = visit("train")
    ran(app.button(key="find-rate").click().run())
    run = all_runs(Path(os.environ["CONVSCOPE_RUNS"]) / ".rates")[0]
    with EventWriter(run.events_path) as events:
        about = {"backend": "reference", "device": "cpu", "version": "1"}
        events.write("started", step=0, total_steps=100, steps_per_epoch=34, **about)
        events.write("steps", step=100, losses=[2.3] * 100, seconds=1.0, rate=10.0)
        events.write("finished", step=100, result={"train": {}, "validation": {}, "test": {}})
    run.disown()
    ran(app.run())
    assert "did not fall at any rate" in words(app)
    assert not [button for button in app.button if str(button.key).startswith("take-")]


def test_the_rates_that_were_used_are_drawn_where_they_changed_and_the_test_at_the_best_epoch_is_told():
    run = ended_run("reference", [2.0, 1.0, 0.5])
    with EventWriter(run.events_path) as events:
        events.write(
            "started", step=0, total_steps=4, steps_per_epoch=2, backend="reference", device="cpu", version="1"
        )
        for step, rate in ((2, 0.1), (4, 0.05)):
            events.write("steps", step=step, losses=[1.0, 0.5], seconds=1.0, rate=rate)
            scores = {"loss": 1.0, "accuracy": 0.5 + step / 10}
            events.write("epoch", epoch=step // 2, step=step, validation=scores, seconds=0.1, test=scores)
        events.write("finished", step=4, result={part: scores for part in ("train", "validation", "test")})
    app = visit("train")
    told = "\n".join(found.value.to_csv() for found in app.table)
    assert "test accuracy at the best validation epoch" in told and "(epoch 2)" in told
    assert run.reading.rates == [(2, 0.1), (4, 0.05)]


def test_a_run_that_ended_early_says_why():
    ended_run("reference", [2.0, 1.0], reason="the time limit of 60 s was reached")
    assert "The time limit of 60 s was reached." in "\n".join(box.value for box in visit("train").info)


def test_the_newest_runs_are_found_again_by_a_new_session():
    ended_run("reference", [2.0, 1.0])
    ended_run("pytorch", [2.0, 1.0])
    app = visit("train")
    assert app.selectbox(key=begins(app, "group-g", "selectbox")).options[0].startswith("small Keras CNN on Digits · ")
    assert "finished" in words(app) and "step 2 / 2" in words(app)


def test_a_run_that_was_killed_says_so_and_offers_to_go_on(monkeypatch):
    run = create(first_experiment(), "reference")
    with EventWriter(run.events_path) as events:
        events.write(
            "started", step=0, total_steps=9, steps_per_epoch=9, backend="reference", device="cpu", version="1"
        )
        events.write("steps", step=1, losses=[2.0], seconds=1.0)
    run.disown()
    app = visit("train")
    assert "ended without a word" in errors(app)
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
    run.own("host")
    app = visit("train")
    ran(app.button(key=f"run-{run.id}-pause").click().run())
    assert run.asked() == "pause"
    ran(app.button(key=f"run-{run.id}-stop").click().run())
    assert run.asked() == "stop"


def test_another_preset_brings_its_recipe_and_leaves_data_and_seed():
    app = visit("train")
    ran(app.text_input(key=begins(app, "seed-", "text_input")).set_value("9").run())
    ran(app.selectbox(key="preset").select("lenet-theano").run())
    assert app.selectbox(key=begins(app, "optimizer-", "selectbox")).value == "momentum"
    assert app.text_input(key=begins(app, "batch-", "text_input")).value == "128"
    assert app.text_input(key=begins(app, "seed-", "text_input")).value == "9"


def test_batches_are_counted_where_they_are_chosen_and_the_last_one_is_told_of():
    app = visit("train")
    ran(app.text_input(key=begins(app, "train-", "text_input")).set_value("1000").run())
    ran(app.text_input(key=begins(app, "batch-", "text_input")).set_value("64").run())
    ran(app.text_input(key=begins(app, "epochs-", "text_input")).set_value("3").run())
    assert r"\lceil 1000 / 64 \rceil = 16" in words(app) and r"3 \cdot 16 = 48" in words(app)
    assert "The last batch of an epoch has 40 pictures" in words(app)
    ran(app.checkbox(key=begins(app, "drop-last-", "checkbox")).check().run())
    assert r"\lfloor 1000 / 64 \rfloor = 15" in words(app) and "40 of 1,000 pictures are left out" in words(app)
    order = app.selectbox(key=begins(app, "data-order-", "selectbox"))
    for chosen in order.options:
        ran(app.selectbox(key=order.key).select(chosen).run())
        assert ROW_ORDERS[chosen] in words(app)
    ran(app.selectbox(key=begins(app, "precision-", "selectbox")).select("float64").run())
    assert PRECISIONS["float64"] in words(app)
    helped = {field.label for field in app.text_input if field.help}
    assert {"Batch size", "Epochs", "Seed"} <= helped
