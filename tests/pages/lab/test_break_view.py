"""Break it: sliders, maps that move along, mistakes, and the same network trained again with augmentation."""

import json

import numpy as np
import pytest

from core.data.preparation.augmentation import Rotate, Shift
from core.data.preparation.breaking import Breakage
from core.runs import predictions
from core.runs.folder import all_runs
from pages.parts.explore import breaker
from pages.parts.explore.break_view import augmented
from pages.parts.explore.subject import Subject
from tests.support.apps import ran, words
from tests.support.explored import trained_run, view
from tests.support.small import small_experiment


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return trained_run(tmp_path_factory.mktemp("broken"), small_experiment(epochs=4))


@pytest.fixture
def app(run, monkeypatch):
    monkeypatch.setenv("CONVSCOPE_RUNS", str(run.path.parent))
    return view("break", run)


def test_the_view_has_its_parts_and_says_who_computes(app):
    assert [one.value for one in app.header] == [
        "Change an image until it breaks",
        "Do the maps move along?",
        "Confident mistakes",
        "Accuracy on changed images",
        "Train it again with augmentation",
    ]
    assert "Your browser computes the answers" in "".join(one.value for one in app.caption)


def test_a_convolution_moves_along_with_the_image_and_numbers_say_so(app, run):
    assert "conv1: 100% of the maps move along" in words(app)
    app.selectbox(key=f"break-{run.id}-moved-layer").set_value("pool1")
    app.number_input(key=f"break-{run.id}-moved-right").set_value(1)
    text = words(ran(app.run()))
    assert "One step of its maps is 2 × 2 pixels" in text
    assert "pool1: 100%" not in text


def test_the_surest_mistakes_come_first_and_open_the_question_why(app, run):
    recording = predictions.load(run.predictions_path, "test")
    wrong = np.flatnonzero(recording.logits.argmax(axis=1) != recording.labels)
    assert f"{len(wrong):,} of {len(recording.labels):,} are wrong" in words(app)
    buttons = [one for one in app.button if one.label.startswith("Why ")]
    assert len(buttons) == min(12, len(wrong))
    buttons[0].click()
    ran(app.run())
    assert app.session_state["explore-view"] == "why"
    assert int("".join(app.query_params["image"])) in recording.rows[wrong]


def test_a_large_network_is_asked_when_a_slider_is_released(run, monkeypatch):
    """The answer of the host is that of the changed image, and along the slider."""
    monkeypatch.setattr(breaker, "MOST_PARAMETERS", 10)
    monkeypatch.setenv("CONVSCOPE_RUNS", str(run.path.parent))
    subject = Subject(run)
    assert not breaker.is_small(subject)
    image = subject.samples().images[0]
    breakage = Breakage(right=2, noise=0.1)
    answer = breaker._answer(subject, image, np.zeros(image.shape, np.int8), "it", breakage, "rotate")
    still = answer["at"].index(0)
    assert answer["line"][still] == pytest.approx(answer["probabilities"])
    assert sum(answer["probabilities"]) == pytest.approx(1)
    asked = json.dumps({"of": "it", "values": breakage.model_dump(), "moved": "rotate"})
    assert breaker._read(asked, "it") == (breakage, "rotate")
    for nonsense in ("", "{", "[]", asked.replace("0.1", '"x"'), json.dumps({"of": "other"})):
        assert breaker._read(nonsense, "it") is None


def test_one_click_trains_the_same_experiment_with_augmentation(app, run):
    wanted = augmented(run.experiment)
    assert [type(one) for one in wanted.data.augmentation] == [Shift, Rotate]
    assert augmented(wanted).data.augmentation == wanted.data.augmentation
    app.button(key=f"augment-{run.id}").click()
    ran(app.run())
    new = [it for it in all_runs() if it.id != run.id]
    assert [it.experiment.hash for it in new] == [wanted.hash]
    assert "Retrain with augmentation" not in [one.label for one in app.button]
