"""Train without a browser: choosing the training recipe, and what the page says about each choice."""

import json
import os
import re
import time
from pathlib import Path

import numpy as np
import pytest

from core.data import catalogue
from core.data.prepared import prepare
from core.drafts.draft import SCHEDULES, Draft
from core.formulas import recipe as formulas
from core.formulas.balance import PRECISIONS, ROW_ORDERS
from core.runs.events import EventWriter
from core.runs.folder import all_runs
from core.training.loop import rates
from pages.parts.session.state import first_experiment
from pages.ui.inputs import number_of, number_text, whole_of
from tests.support.apps import begins, errors, mend, ran, visit, words


pytestmark = pytest.mark.usefixtures("no_processes")


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
    assert any(f"The learning rate over the {steps:,} steps" in str(it.proto) for it in app.get("bidi_component"))


@pytest.mark.parametrize("kind", SCHEDULES)
def test_a_billion_epochs_cost_no_memory_and_leave_start_usable(kind):
    app = visit("train")
    ran(app.selectbox(key=begins(app, "schedule-", "selectbox")).select(kind).run())
    began = time.perf_counter()
    ran(app.text_input(key=begins(app, "epochs-", "text_input")).set_value("1000000000").run())
    assert time.perf_counter() - began < 5
    assert not app.button(key="start").disabled, errors(app)
    ran(app.text_input(key=begins(app, "epochs-", "text_input")).set_value("2").run())
    assert not app.button(key="start").disabled


def test_each_optimizer_keeps_the_rate_that_was_typed_for_it():
    app = visit("train")
    ran(app.text_input(key=begins(app, "learning_rate-adam", "text_input")).set_value("0.005").run())
    ran(app.selectbox(key=begins(app, "optimizer-", "selectbox")).select("sgd").run())
    ran(app.text_input(key=begins(app, "learning_rate-sgd", "text_input")).set_value("0").run())
    assert "greater than 0" in errors(app)
    assert app.button(key="start").disabled
    ran(app.selectbox(key=begins(app, "optimizer-", "selectbox")).select("adam").run())
    assert app.text_input(key=begins(app, "learning_rate-adam", "text_input")).value == "0.005"
    assert not app.error


def test_a_large_rate_is_shown_with_all_its_digits():
    assert [number_text(value) for value in (1e6, 0.1, 1e-8)] == ["1000000", "0.1", "1e-08"]
    assert [number_of(text) for text in ("1000000", "1e-3", "inf", "²")] == [1e6, 0.001, "inf", "²"]
    assert [whole_of(text) for text in ("64", " 7 ", "-1", "²", "9" * 5000)] == [64, 7, -1, "²", "9" * 5000]


def test_every_number_of_an_optimizer_can_be_typed_and_stands_in_its_formula():
    app = visit("train")
    ran(app.selectbox(key=begins(app, "optimizer-", "selectbox")).select("adamw").run())
    for field, value in (
        ("learning_rate", 0.02),
        ("beta1", 0.8),
        ("beta2", 0.95),
        ("epsilon", 1e-7),
        ("weight_decay", 0.03),
    ):
        ran(app.text_input(key=begins(app, f"{field}-adamw", "text_input")).set_value(str(value)).run())
    formula = app.latex[0].value
    assert all(number in formula for number in ("0.02", "0.8", "0.95", "10^{-7}", "0.03"))
    assert not app.error
    assert not app.button(key="start").disabled


@pytest.mark.parametrize("kind", ["sgd", "momentum", "nesterov", "adagrad", "adadelta", "rmsprop", "adam", "adamw"])
def test_every_optimizer_can_be_chosen_and_explains_itself(kind):
    app = visit("train")
    ran(app.selectbox(key=begins(app, "optimizer-", "selectbox")).select(kind).run())
    assert formulas.SENTENCES[kind] in words(app)
    assert not app.button(key="start").disabled


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
    results = [made[name] for name in ("patience", "time_limit", "order", "drop_last")]
    assert results == [3, 60, "with replacement", True]
    assert made["penalties"]["output"]["l2"] == 0.01


@pytest.mark.parametrize(
    "kind, field, value, shown",
    [
        ("cross_entropy", "label_smoothing", 0.25, r"-0.75\,\log p_y"),
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
    assert formulas.SENTENCES[kind] in words(app)
    assert any(shown in latex.value for latex in app.latex)
    ran(app.button(key="start").click().run())
    made = json.loads(next(Path(os.environ["CONVSCOPE_RUNS"]).glob("*/experiment.json")).read_text())["training"]
    assert made["loss"]["kind"] == kind
    assert field is None or made["loss"][field] == value


def test_negative_log_likelihood_asks_for_a_softmax_layer_and_gets_it_with_a_click():
    app = visit("train")
    ran(app.selectbox(key=begins(app, "loss-", "selectbox")).select("negative_log_likelihood").run())
    assert "does not end in softmax" in errors(app)
    assert app.button(key="start").disabled
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
    missing = [button.key for button in app.button if str(button.key).startswith("network3-")]
    assert "network3-all" in missing
    assert len(missing) > 4
    ran(app.button(key=missing[0]).click().run())
    assert missing[0] not in [button.key for button in app.button]
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
    assert recipe["penalties"]["over_batches"]
    assert made["network"]["layers"][0]["weights"]["kind"] == "one_over_out"


def test_dropout_can_be_put_on_the_input():
    draft = Draft.of(first_experiment())
    draft.add("dropout")
    position = next(index for index, row in enumerate(draft.rows) if row.layer["kind"] == "dropout")
    for _ in range(position):
        draft.move(position, -1)
        position -= 1
    draft.set_layer(0, "mode", "classic")
    made = draft.check().experiment
    assert made.network.layers[0].kind == "dropout"
    assert made.network.layers[0].mode == "classic"


def test_a_run_of_the_rate_finder_shows_its_curve_and_its_rate_is_taken():
    app = visit("train")
    ran(app.button(key="find-rate").click().run())
    folder = Path(os.environ["CONVSCOPE_RUNS"]) / ".rates"
    assert len(list(folder.glob("*/run.json"))) == 1
    assert not list(folder.parent.glob("*/run.json"))
    run = all_runs(folder)[0]
    tried = rates(run.experiment.training, run.experiment.data.train)
    losses = 2.3 - np.maximum(np.log10(tried / 1e-5), 0) * 0.4
    with EventWriter(run.events_path) as events:
        about = {"backend": "reference", "device": "cpu", "version": "1"}
        events.write("started", step=0, total_steps=100, steps_per_epoch=34, **about)
        good = int(np.sum(tried < 0.3))
        events.write("steps", step=good, losses=losses[:good].tolist(), seconds=1.0, learning_rate=0.3)
        events.write("failed", reason="the loss is nan at step 90: conv1's weights overflowed first")
    run.release()
    ran(app.run())
    assert re.search(r"lowest at 0\.2\d?; a tenth of that is \*\*0\.0[23]\*\*", words(app))
    assert "the loss exploded" in words(app)
    taken = begins(app, "take-", "button")
    ran(app.button(key=taken).click().run())
    assert app.text_input(key=begins(app, "learning_rate-adam", "text_input")).value in ("0.02", "0.03")


def test_a_run_of_the_rate_finder_that_learnt_nothing_suggests_nothing():
    app = visit("train")
    ran(app.button(key="find-rate").click().run())
    run = all_runs(Path(os.environ["CONVSCOPE_RUNS"]) / ".rates")[0]
    with EventWriter(run.events_path) as events:
        about = {"backend": "reference", "device": "cpu", "version": "1"}
        events.write("started", step=0, total_steps=100, steps_per_epoch=34, **about)
        events.write("steps", step=100, losses=[2.3] * 100, seconds=1.0, learning_rate=10.0)
        events.write("finished", step=100, result={"train": {}, "validation": {}, "test": {}})
    run.release()
    ran(app.run())
    assert "did not fall at any learning rate" in words(app)
    assert not [button for button in app.button if str(button.key).startswith("take-")]


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
    assert r"\lceil 1000 / 64 \rceil = 16" in words(app)
    assert r"3 \cdot 16 = 48" in words(app)
    assert "The last batch of an epoch has 40 images" in words(app)
    ran(app.checkbox(key=begins(app, "drop-last-", "checkbox")).check().run())
    assert r"\lfloor 1000 / 64 \rfloor = 15" in words(app)
    assert "40 of 1,000 images are left out" in words(app)
    order = app.selectbox(key=begins(app, "data-order-", "selectbox"))
    for chosen in order.options:
        ran(app.selectbox(key=order.key).select(chosen).run())
        assert ROW_ORDERS[chosen] in words(app)
    ran(app.selectbox(key=begins(app, "precision-", "selectbox")).select("float64").run())
    assert PRECISIONS["float64"] in words(app)
    helped = {field.label for field in app.text_input if field.help}
    assert {"Batch size", "Epochs", "Seed"} <= helped


def test_what_a_run_remembers_is_chosen_and_checked():
    app = visit("train")
    ran(app.text_input(key=begins(app, "states-", "text_input")).set_value("12").run())
    assert app.session_state["lab"].draft.check().experiment.training.remember.states == 12
    assert "up to 12 states" in words(app)
    ran(app.text_input(key=begins(app, "states-", "text_input")).set_value("-3").run())
    assert app.button(key="start").disabled
    assert "States: must be at least 0" in errors(app)
