"""Every page by itself, without a browser: it runs, it says what is wrong, and it loses nothing that was typed."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import backends
from backends.executors.local import LocalExecutor
from core import formulas
from core.experiment import changed
from core.figures import blocks, colors, curves, montage
from core.network import presets
from core.network.counting import costs
from core.network.network import Network
from core.runs.events import EventWriter
from core.runs.folder import all_runs, create
from core.training import rates
from pages.parts.draft import Draft
from pages.parts.layer_editor import pair, pair_text, sides, sides_text
from pages.parts.pickers import number_of, number_text, whole_of
from pages.parts.runs_view import label
from pages.parts.state import first_experiment
from pages.parts.words import amount, duration, loss, moment, short, told_apart


ROOT = Path(__file__).parents[1]
HUGE = {"kind": "conv2d", "maps": 2, "kernel": 3, "padding": 999_999}
PAGES = {
    "home": "pages/home.py",
    "lessons": "pages/learn/contents.py",
    "lesson": "pages/learn/lesson.py",
    **{name: f"pages/lab/{name}.py" for name in ("data", "build", "train", "compare", "evaluate", "imbalance", "runs")},
}


@pytest.fixture(autouse=True)
def _quiet(monkeypatch, tmp_path):
    """No process is started and nobody's runs are seen."""
    monkeypatch.setenv("CONVSCOPE_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("CONVSCOPE_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(LocalExecutor, "warm", lambda *_: None)
    monkeypatch.setattr(LocalExecutor, "submit", lambda *_: None)


def visit(name: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=60).run()
    app = app.switch_page(PAGES[name]).run()
    return ran(app)


def ran(app: AppTest) -> AppTest:
    assert not app.exception, [error.value for error in app.exception]
    return app


def words(app: AppTest) -> str:
    return "\n".join(
        str(element.value) for kind in ("markdown", "error", "warning", "info") for element in getattr(app, kind)
    )


def errors(app: AppTest) -> str:
    return "\n".join(error.value for error in app.error)


def ended_run(backend: str, losses: list[float], experiment=None, folder=None, group="g", **ending):
    """A run as a host would have left it."""
    run = create(experiment or first_experiment(), backend, group=group, folder=folder)
    with EventWriter(run.events_path) as events:
        events.write(
            "started",
            step=0,
            total_steps=len(losses),
            steps_per_epoch=len(losses),
            backend=backend,
            device="cpu",
            version="1",
        )
        events.write("steps", step=len(losses), losses=losses, seconds=2.0)
        events.write("epoch", epoch=1, step=len(losses), validation={"loss": 1.0, "accuracy": 0.75}, seconds=0.1)
        events.write(
            "finished",
            step=len(losses),
            result={part: {"loss": 1.0, "accuracy": 0.75} for part in ("train", "validation", "test")},
            **ending,
        )
    run.disown()
    return run


def begins(app: AppTest, start: str, kind: str) -> str:
    """The key of a widget whose key ends in a ticket."""
    return next(element.key for element in getattr(app, kind) if element.key and element.key.startswith(start))


@pytest.mark.parametrize("name", PAGES)
def test_every_page_opens_on_a_fresh_start(name):
    titles = {"home": "ConvScope", "lesson": "Pictures are numbers"}
    assert visit(name).title[0].value == titles.get(name, name.capitalize())


def test_no_framework_enters_the_process_that_serves_the_pages(tmp_path):
    script = f"""
import os, sys
os.environ["CONVSCOPE_RUNS"] = {str(tmp_path)!r}
from backends.executors.local import LocalExecutor
LocalExecutor.warm = lambda *_: None
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("streamlit_app.py", default_timeout=60).run()
for page in {list(PAGES.values())!r}:
    assert not app.switch_page(page).run().exception
import serve
print(sorted({{"torch", "tensorflow", "keras"}} & set(sys.modules)))
"""
    found = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert found.stdout.strip().endswith("[]"), found.stdout + found.stderr[-2000:]


# --- Home


def test_one_click_on_home_starts_a_run_on_every_backend(tmp_path):
    app = visit("home")
    ran(app.button(key="first").click().run())
    assert app.title[0].value == "Train"
    made = [json.loads(path.read_text())["backend"] for path in (tmp_path / "runs").glob("*/run.json")]
    assert sorted(made) == sorted(name for name in backends.names() if backends.missing(name) is None)


def test_runs_that_cannot_be_made_are_said_on_train_until_the_next_start(tmp_path):
    (tmp_path / "runs").write_text("a file where the folder should be")
    app = visit("home")
    ran(app.button(key="first").click().run())
    assert app.title[0].value == "Train"
    assert "did not start: cannot write the run to" in errors(app)
    (tmp_path / "runs").unlink()
    ran(app.button(key="start").click().run())
    assert "did not start" not in errors(app)


# --- Build


def cards(app: AppTest) -> list[str]:
    """Names of the layers from top to bottom."""
    return [
        text.value.split("**")[1] for text in app.markdown if text.value.startswith("**") and ":small[" in text.value
    ]


def key_of(app: AppTest, end: str, kind: str = "button", nth: int = 0) -> str:
    return [element.key for element in getattr(app, kind) if element.key and element.key.endswith(end)][nth]


def mend(app: AppTest, label: str):
    """The button of a repair."""
    return next(button for button in app.button if button.label == label)


def test_the_arithmetic_of_a_layer_follows_its_settings():
    app = visit("build")
    app.text_input(key=key_of(app, "-kernel", "text_input")).set_value("5").run()
    assert "(28 - 5 + 2\\*2) / 1 + 1 = 28" in words(ran(app))


def test_a_kernel_that_is_no_number_is_explained_and_stays_in_its_field():
    app = visit("build")
    key = key_of(app, "-kernel", "text_input")
    ran(app.text_input(key=key).set_value("three").run())
    assert 'write one number from 1 to 1,000,000, as "3", or height x width' in errors(app)
    assert app.text_input(key=key).value == "three"
    assert app.button(key="to-train").disabled
    ran(app.switch_page(PAGES["train"]).run())
    assert app.button(key="start").disabled
    ran(app.switch_page(PAGES["build"]).run())
    assert app.text_input(key=key).value == "three"
    ran(app.text_input(key=key).set_value("3 x 5").run())
    assert not app.error and not app.button(key="to-train").disabled


def test_a_window_larger_than_its_map_names_the_layer_the_numbers_and_the_repair():
    app = visit("build")
    ran(app.button(key="add-pool").click().run())
    ran(app.text_input(key=key_of(app, "-window", "text_input")).set_value("40").run())
    assert "pool1" in errors(app) and "A window of 40 does not fit into a height of 28" in errors(app)
    ran(mend(app, "Take a window of at most 28").click().run())
    assert errors(app) == ""


@pytest.mark.parametrize("typed", ["[[1, 2]]", "[]", "[1]", '["a"]', "[[1,2],[3,4],[5,6]]", "²", "[" * 9999])
def test_odd_padding_is_explained_and_stays_as_it_was_typed(typed):
    app = visit("build")
    draft = app.session_state["lab"].draft
    draft.set_layer(0, "padding", sides(typed))
    ran(app.run())
    assert draft.rows[0].layer["padding"] == typed
    assert "Padding: choose a word, or write a number of cells" in errors(app)


@pytest.mark.parametrize("typed", ["99999999999", "9" * 5000, "²", "0", "-1", ""])
def test_a_kernel_that_cannot_be_is_explained(typed):
    app = visit("build")
    ran(app.text_input(key=key_of(app, "-kernel", "text_input")).set_value(typed).run())
    assert "Kernel: write one number from 1 to 1,000,000" in errors(app)
    ran(app.text_input(key=key_of(app, "-maps", "text_input")).set_value(typed).run())
    assert app.button(key="to-train").disabled


def test_a_stride_of_zero_is_no_empty_field():
    app = visit("build")
    ran(app.button(key="add-pool").click().run())
    ran(app.text_input(key=key_of(app, "-step", "text_input")).set_value("0").run())
    assert "Stride: write one number from 1" in errors(app)
    ran(app.text_input(key=key_of(app, "-step", "text_input")).set_value("").run())
    assert not app.error


@pytest.mark.parametrize("function", ["relu", "leaky_relu", "elu", "maxout"])
def test_every_function_shows_its_own_settings(function):
    app = visit("build")
    ran(app.selectbox(key=key_of(app, "-function", "selectbox")).select(function).run())
    ends = {"leaky_relu": "-slope", "elu": "-alpha", "maxout": "-pieces"}
    shown = [end for end in ends.values() if any((field.key or "").endswith(end) for field in app.text_input)]
    assert shown == ([ends[function]] if function in ends else [])


def test_the_largest_numbers_stay_in_the_table_and_in_the_drawing():
    app = visit("build")
    app.session_state["lab"].draft.set_layer(0, "padding", 999_999)
    ran(app.run())
    assert "2,000,0" in app.dataframe[0].value["output"][0]
    html = blocks.drawing((1, 8, 8), costs(Network(input_shape=(1, 8, 8), layers=[HUGE])))
    assert max(map(int, re.findall(r"width:(\d+)px", html))) < 200


def test_layers_are_added_moved_duplicated_and_removed():
    app = visit("build")
    assert cards(app) == ["conv1", "act1", "flatten1", "dense1"]
    ran(app.button(key="add-pool").click().run())
    assert cards(app) == ["conv1", "act1", "pool1", "flatten1", "dense1"]
    ran(app.button(key=key_of(app, "-up", nth=2)).click().run())
    assert cards(app) == ["conv1", "pool1", "act1", "flatten1", "dense1"]
    ran(app.button(key=key_of(app, "-copy")).click().run())
    assert cards(app) == ["conv1", "conv2", "pool1", "act1", "flatten1", "dense1"]
    for _ in range(6):
        ran(app.button(key=key_of(app, "-remove")).click().run())
    assert "The network has no layers yet" in errors(app)


def test_another_data_set_fits_the_network_to_its_pictures_and_classes():
    app = visit("build")
    ran(app.selectbox(key="data").select("fer2013").run())
    assert not app.error
    assert "1 × 48 × 48" in words(app) and ":green[**7**]" in words(app)


def test_a_wrong_number_of_units_at_the_end_says_how_many_classes_there_are():
    app = visit("build")
    ran(app.text_input(key=key_of(app, "-units", "text_input")).set_value("9").run())
    assert "**dense1**: The network ends in 9 numbers, but Digits has 10 classes" in errors(app)
    ran(mend(app, "Give dense1 10 units").click().run())
    assert errors(app) == "" and not app.button(key="to-train").disabled


def test_an_experiment_is_loaded_from_json_and_a_wrong_one_is_refused_in_words():
    app = visit("build")
    wanted = changed(presets.experiment("lenet-theano", "digits"), **{"seed": 2**60})
    ran(app.file_uploader(key="load").upload("e.json", wanted.to_json().encode()).run())
    assert cards(app)[:3] == ["conv1", "pool1", "act1"]
    app = visit("build")
    ran(app.file_uploader(key="load").upload("e.json", b'{"seed": -1}').run())
    assert "e.json was not loaded: this is not an experiment" in errors(app)
    app = visit("build")
    ran(app.file_uploader(key="load").upload("e.json", b"\xff\xfe\x00").run())
    assert "it is not a text file" in errors(app)


def test_an_experiment_for_pictures_of_another_shape_is_fitted_and_it_is_said():
    app = visit("build")
    other = changed(first_experiment(), **{"network.input_shape": [1, 48, 48]})
    ran(app.file_uploader(key="load").upload("e.json", other.to_json().encode()).run())
    assert "takes pictures of 1 × 48 × 48, but Digits has 1 × 28 × 28" in words(app)
    assert not app.error and not app.button(key="to-train").disabled


def test_a_draft_of_another_shape_than_its_pictures_cannot_be_trained():
    report = Draft.of(changed(first_experiment(), **{"network.input_shape": [1, 48, 48]})).check()
    assert report.experiment is None and "Digits has 1 × 28 × 28" in report.general[0].sentence


@pytest.mark.parametrize("content", [b"{", b"[" * 5000, b"9" * 5000, b""])
def test_a_file_that_is_no_json_is_refused_in_few_words_and_once(content):
    app = visit("build")
    ran(app.file_uploader(key="load").upload("e.json", content).run())
    assert "e.json was not loaded: this file is not" in errors(app) and len(errors(app)) < 90
    ran(app.run())
    assert not app.error


@pytest.mark.parametrize("name", presets.names())
def test_every_preset_can_be_drawn_and_trained(name):
    app = visit("build")
    ran(app.selectbox(key="preset").select(name).run())
    assert not app.error and not app.button(key="to-train").disabled


# --- Train


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
    assert "Ask for fewer" in errors(app)


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
    ran(app.button(key="network3-all").click().run())
    assert not [button.key for button in app.button if str(button.key).startswith("network3-")]
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


# --- Compare


def test_compare_names_the_first_step_beyond_the_tolerance():
    ended_run("reference", [2.5, 2.0, 1.5])
    ended_run("pytorch", [2.5, 2.0, 1.2])
    app = visit("compare")
    assert "part at **step 3**: 1.5 and 1.2, a relative difference of 0.2" in words(app)
    assert "Only the backend" in words(app)
    ran(app.selectbox(key="tolerance").select(0.1).run())
    assert "part at **step 3**" in words(app)


def test_compare_says_what_was_different_about_two_runs():
    ended_run("reference", [2.5, 2.0])
    ended_run("pytorch", [2.5, 2.0], changed(first_experiment(), seed=7))
    app = visit("compare")
    assert "`seed`" in str(app.table[-1].value)


def test_compare_with_nothing_or_one_run_says_what_to_do():
    assert "no run has made a step" in words(visit("compare"))
    ended_run("reference", [2.5])
    assert "One run alone" in words(visit("compare"))


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
    assert before != after and app.selectbox(key=after).value == "old"


# --- parts


@pytest.mark.parametrize(
    ("text", "value"), [("5", 5), ("5 x 3", [5, 3]), ("5×3", [5, 3]), ("5,3", [5, 3]), ("5x", "5x"), ("-1", "-1")]
)
def test_pairs_are_read_as_people_write_them(text, value):
    assert pair(text) == value


def test_sides_and_pairs_are_shown_as_they_are_read():
    for value in (2, [1, 2]):
        assert pair(pair_text(value)) == value
    assert sides(sides_text([[0, 1], [0, 1]])) == [[0, 1], [0, 1]]
    assert sides_text([[2, 2], [2, 2]]) == "2" and sides("[oops") == "[oops"


def test_a_draft_is_the_experiment_it_was_made_of():
    for name in presets.names():
        experiment = presets.experiment(name, "digits")
        assert Draft.of(experiment).check().experiment == experiment


def test_the_words_for_numbers():
    assert [loss(value) for value in (0.12345, 1234.5, 123456.0)] == ["0.1235", "1234.5000", "1.235e+05"]
    assert [duration(s) for s in (0.2, 59, 61, 7300)] == ["under 1 s", "59 s", "1 min 1 s", "2 h 1 min"]
    assert [amount(b) for b in (12, 1234, 23.5e6, 4e9)] == ["12 bytes", "1.23 kB", "23.5 MB", "4 GB"]
    assert [short(n) for n in (12, 476_672, 3_000_000)] == ["12", "477 thousand", "3 million"]


def test_equal_labels_are_told_apart_and_times_are_the_readers():
    assert told_apart({"run-aaaaaa": "x", "run-bbbbbb": "x", "c": "y"}) == {
        "run-aaaaaa": "x (aaaaaa)",
        "run-bbbbbb": "x (bbbbbb)",
        "c": "y",
    }
    created = "2026-11-20T23:30:00.000+00:00"
    assert moment(created, None) == moment(created, "no/where") == "20 Nov 23:30:00"
    assert moment(created, "Europe/Berlin") == "21 Nov 00:30:00"


def test_a_group_that_was_started_in_the_same_second_can_be_chosen():
    for group in ("first", "second"):
        ended_run("reference", [2.0, 1.0], group=group)
    app = visit("train")
    shown = begins(app, "group-", "selectbox")
    assert len(set(app.selectbox(key=shown).options)) == 2
    other = "second" if shown.startswith("group-first-") else "first"
    ran(app.selectbox(key=shown).select(other).run())
    assert app.selectbox(key=begins(app, f"group-{other}-", "selectbox")).value == other


def test_colours_of_the_grammar_are_those_of_the_theme():
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())["theme"]
    names = {"input": "blue", "kernel": "orange", "output": "green", "gradient": "violet"}
    for ours, mode in ((colors.LIGHT, "light"), (colors.DARK, "dark")):
        assert {part: theme[mode][f"{name}Color"] for part, name in names.items()} == ours


def test_every_backend_has_a_colour_and_a_dash_of_its_own():
    looks = [backends.about(name) for name in backends.names()]
    assert len({look.COLOR for look in looks}) == len({look.DASH for look in looks}) == len(looks)


def test_figures_are_made_of_arrays():
    line = curves.Line("a", "#123456", "dash", np.arange(1, 6), np.array([1.0, 0.5, 0.0, 0.1, 0.2]))
    assert len(curves.losses([line, line]).data) == 2
    assert len(curves.apart([line], 1e-4).data[0].x) == 4, "0 cannot stand on a logarithmic axis"
    assert curves.accuracies([line]).layout.yaxis.tickformat == ".0%"


def test_a_montage_is_a_png_and_a_drawing_says_its_shapes():
    assert montage.montage(np.zeros((5, 1, 8, 8), np.uint8), 3)[:4] == b"\x89PNG"
    assert montage.montage(np.zeros((5, 3, 8, 8), np.uint8), 3)[:4] == b"\x89PNG"
    network = presets.get("lenet-theano").network()
    assert "conv1 20 × 28 × 28" in blocks.drawing(network.input_shape, costs(network))


# --- Build: layers of the second release


def test_each_new_layer_is_added_explained_and_can_be_trained():
    app = visit("build")
    for kind in ("batch_norm", "bias", "locally_connected", "global_average_pool"):
        ran(app.button(key=f"add-{kind}").click().run())
        assert not app.error, kind
    said = words(app)
    assert "running estimates" in said and r"\sqrt{\sigma^2 + 10^{-5}}" in said and r"0.9\,\mu_r" in said
    assert "each place has kernels of its own" in said and "Adds one number a map" in said
    assert not app.button(key="to-train").disabled
    ran(app.text_input(key=key_of(app, "-momentum", "text_input")).set_value("0.5").run())
    assert r"0.5\,\mu_r" in words(app)
    ran(app.text_input(key=key_of(app, "-momentum", "text_input")).set_value("1").run())
    assert "omentum: must be smaller than 1" in errors(app)


@pytest.mark.parametrize("block, order", [(0, ["conv", "pool", "bias", "act"]), (1, ["conv", "bias", "act", "pool"])])
def test_a_click_adds_a_block_in_either_order_and_says_whether_it_matters(block, order):
    app = visit("build")
    ran(app.selectbox(key="preset").select("network3-dense").run())
    ran(app.button(key=f"block-{block}").click().run())
    assert [name.rstrip("0123456789") for name in cards(app)[:5]] == [*order, "flatten"]
    assert "Both orders give the same numbers here" in words(app)
    ran(app.selectbox(key=key_of(app, "-how", "selectbox")).select("average").run())
    assert "The order counts here" in words(app)


def test_partial_connections_padding_and_biases_are_set_under_more():
    app = visit("build")
    ran(app.selectbox(key="preset").select("zip-net").run())
    assert "1-4 see 1-8; 5-8 see 5-12; 9-12 see 1-4, 9-12" in words(app)
    assert app.text_input(key=key_of(app, "-sees", "text_input", 1)).value == "8"
    assert [app.text_input(key=key_of(app, "-pad_value", "text_input", nth)).value for nth in (0, 1)] == ["-1"] * 2
    ran(app.text_input(key=key_of(app, "-sees", "text_input", 1)).set_value("13").run())
    assert "ach map is to see 13 maps, but only 12 come in" in errors(app)
    ran(app.text_input(key=key_of(app, "-sees", "text_input", 1)).set_value("").run())
    assert not app.error and "1-4 see 1-8" not in words(app)
    ran(app.selectbox(key=key_of(app, "-sharing", "selectbox", 1)).select("none").run())
    assert not app.error and any("3,600 parameters" in text.value for text in app.markdown)


def test_the_zip_net_counts_units_and_connections_and_takes_pictures_from_minus_one_to_one():
    app = visit("build")
    ran(app.selectbox(key="data").select("digits-16x16").run())
    ran(app.selectbox(key="preset").select("zip-net").run())
    assert app.metric[0].value == "9,760"
    assert "1,256 units" in words(app) and "64,660 connections" in words(app)
    ran(app.switch_page(PAGES["train"]).run())
    assert app.selectbox(key=begins(app, "scaling-", "selectbox")).value == "signed"
