"""The page Explore without a browser: which network it shows, and what it sends to the browser."""

import numpy as np
import pytest

import backends
from backends.executors.inline import InlineExecutor
from core.experiment.experiment import changed
from core.runs.folder import Run
from pages.parts.explore.subject import Subject
from pages.parts.session.state import first_experiment
from pages.recorded import shipped
from pages.widgets.explain import living_network
from pages.widgets.explain.living_network import Living, answered, coded, history, sent
from tests.support.apps import PAGES, ran, visit, words


pytestmark = pytest.mark.usefixtures("no_processes")


@pytest.fixture
def run(tmp_path) -> Run:
    """Five steps of the first experiment on the reference."""
    experiment = changed(first_experiment(), **{"training.steps": 5})
    return InlineExecutor(backends.load("reference")).start(experiment, "reference", folder=tmp_path / "runs")


def test_a_fresh_start_shows_a_shipped_network():
    app = visit("explore")
    assert app.selectbox(key="explored").value in shipped.shipped()
    assert len(app.get("bidi_component")) == 1


def test_a_run_in_the_link_is_shown(run):
    app = visit("explore")
    app.query_params["run"] = run.id
    app = ran(app.switch_page(PAGES["explore"]).run())
    assert app.selectbox(key="explored").value == run.id


def test_a_run_that_is_not_there_is_said():
    app = visit("explore")
    app.query_params["run"] = "never"
    app = ran(app.switch_page(PAGES["explore"]).run())
    assert "There is no run “never”" in words(app)


def test_what_is_sent_of_a_run_holds_its_groups_its_weights_and_its_remembered_steps(run):
    data = sent(Living(run, "mine"))
    assert [group["title"] for group in data["groups"]] == ["conv1 + ReLU", "dense1"]
    assert data["step"] == 5
    assert [one["step"] for one in data["history"]] == [step for step in run.remembered() if step < 5]
    assert data["history"][0]["step"] == 0
    assert list(data["weights"]["manifest"]) == [*run.state_at(None).weights]
    assert {one["dtype"] for one in data["history"][0]["weights"]["manifest"].values()} == {"float16"}
    assert data["rate"] == run.experiment.training.optimizer.learning_rate
    assert data["drawn"] == {"side": 28, "box": 20}
    assert len(data["classes"]) == 10


def test_a_long_history_is_thinned_evenly_and_keeps_its_start(run, monkeypatch):
    monkeypatch.setattr(living_network, "MOST_HISTORY_BYTES", 2 * 2 * 251_210)
    steps = [one["step"] for one in history(run, 5)]
    assert len(steps) == 2
    assert steps[0] == 0


def test_a_network_too_large_for_the_browser_sends_no_weights_and_is_answered_layer_by_layer(run, monkeypatch):
    monkeypatch.setattr(living_network, "MOST_PARAMETERS", 1_000)
    assert sent(Living(run, "mine"))["weights"] is None
    image = np.full((1, 28, 28), 7, np.uint8)
    asked = []

    def ask(given, layers):
        asked.append((given.sum(), layers))
        return {name: np.zeros(3, np.float32) for name in layers}

    answer = answered(ask, run, coded(image), None)
    assert answer["of"] == coded(image)
    assert [*answer["outputs"]["manifest"]] == ["act1", "dense1"]
    assert asked == [(7 * 28 * 28, ("act1", "dense1"))]
    assert answered(ask, run, "not an image", image)["of"] == coded(image)


def test_the_page_asks_a_host_for_such_a_network_and_says_who_answers(run, monkeypatch):
    monkeypatch.setattr(living_network, "MOST_PARAMETERS", 1_000)
    monkeypatch.setattr(Subject, "ask", lambda *_, **__: {"act1": np.zeros((1, 2)), "dense1": np.zeros((1, 10))})
    app = visit("explore")
    app.query_params["run"] = run.id
    app = ran(app.switch_page(PAGES["explore"]).run())
    assert app.selectbox(key="explore-backend").value == "reference"
    assert any("Computed by NumPy reference" in caption.value for caption in app.caption)
