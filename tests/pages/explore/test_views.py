"""The views "Look inside" and "Why this answer" of a small run, without a browser."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import backends
from backends.executors.inline import InlineExecutor
from core.data.recipe import DataRecipe
from core.experiment.experiment import Experiment
from core.network.layers import Activation, Conv2D, Dense, Flatten, Pool
from core.network.network import Network
from core.recipe.training import TrainingRecipe
from pages.parts.evaluate.confusion_view import show_images
from pages.parts.explore.inside_view import same_layer
from pages.parts.explore.maximise_view import WAYS, ask
from pages.parts.explore.subject import Subject
from pages.recorded import shipped
from tests.support.apps import ran, words


ROOT = Path(__file__).parents[3]
CONVOLUTION = [
    *(Conv2D(filters=3, kernel_size=3, padding="same"), Activation(function="relu"), Pool()),
    *(Conv2D(filters=4, kernel_size=3), Activation(function="relu"), Flatten(), Dense(units=10)),
]
DENSE = [Flatten(), Dense(units=40), Activation(function="sigmoid"), Dense(units=10)]


def experiment(layers):
    return Experiment(
        title="small",
        data=DataRecipe(name="digits", train=300, validation=50, test=50),
        network=Network(input_shape=(1, 28, 28), layers=layers),
        training=TrainingRecipe(batch_size=50, epochs=2, precision="float64"),
    )


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    executor = InlineExecutor(backends.load("reference"))
    made = [executor.start(experiment(layers), "reference", folder=folder) for layers in (CONVOLUTION, DENSE)]
    assert [run.status().state for run in made] == ["finished", "finished"]
    return made


@pytest.fixture(autouse=True)
def _their_folder(runs, monkeypatch):
    monkeypatch.setenv("CONVSCOPE_RUNS", str(runs[0].path.parent))


def app(view, run, **address):
    """The page Explore with this view of the run."""
    made = AppTest.from_file(str(ROOT / "streamlit_app.py"), default_timeout=120).run()
    made = made.switch_page("pages/lab/explore.py")
    for name, value in {"run": run.id, "view": view, **address}.items():
        made.query_params[name] = value
    return ran(made.run())


def stage(shown):
    """What the browser gets of Look inside."""
    sent = [json.loads(one.proto.json) for one in shown.get("bidi_component")]
    return next(one for one in sent if "sides" in one)


def html(shown):
    return "".join(one.proto.body for one in shown.get("html"))


def test_a_convolution_is_shown_at_every_step_that_the_run_remembers(runs):
    shown = app("inside", runs[0])
    data = stage(shown)
    (side,) = data["sides"]
    assert side["steps"] == runs[0].remembered()
    assert side["kernels"]["shape"] == [len(side["steps"]), 3, 1, 3, 3]
    assert side["maps"]["shape"] == [len(side["steps"]), 3, 28, 28]
    assert np.shape(side["patches"]) == (len(side["steps"]), 3, 9, 3)
    assert side["field"] == [3, 3]
    assert list(side["histograms"]) == ["weights", "activations", "weight_gradients", "activation_gradients"]
    assert sum(side["histograms"]["weights"][0]["shares"]) + side["histograms"]["weights"][0]["zeros"] == pytest.approx(
        1, abs=1e-3
    )
    assert "conv1: (28 - 3 + 2*1) / 1 + 1 = 28" in words(shown)
    assert "Maps are shown before act1 (relu)" in words(shown)


@pytest.mark.parametrize("layer, shape", [("act1", (3, 28, 28)), ("conv2", (4, 12, 12)), ("dense1", (10, 1, 1))])
def test_any_layer_can_be_chosen(runs, layer, shape):
    shown = app("inside", runs[0])
    ran(shown.selectbox(key=f"inside-layer-{runs[0].id}").select(layer).run())
    side = stage(shown)["sides"][0]
    assert tuple(side["maps"]["shape"][1:]) == shape
    assert (side["kernels"] is None) == (layer == "act1")


def test_units_of_a_dense_layer_are_images_of_weights_32_at_a_time(runs):
    shown = app("inside", runs[1])
    assert stage(shown)["sides"][0]["kernels"]["shape"][1:] == [32, 1, 28, 28]
    ran(shown.selectbox(key=f"inside-first-{runs[1].id}-dense1").select(32).run())
    data = stage(shown)
    assert data["first"] == 32
    assert data["sides"][0]["kernels"]["shape"][1:] == [8, 1, 28, 28]


def test_a_network_is_compared_with_its_start_and_with_another_run(runs):
    shown = app("inside", runs[0])
    choice = shown.selectbox(key=f"inside-other-{runs[0].id}")
    ran(choice.select("start").run())
    first, second = stage(shown)["sides"]
    assert second["steps"] == [0]
    assert len(first["steps"]) > 2
    assert "their correlation is" in words(shown)
    ran(shown.selectbox(key=f"inside-other-{runs[0].id}").select(runs[1].id).run())
    assert "has no layer like conv1" in words(shown)


def test_layers_are_matched_by_name_or_else_by_kind_and_number(runs):
    first, second = (run.experiment.network for run in runs)
    assert same_layer(first, "dense1", second) == "dense1"
    assert same_layer(second, "dense2", first) is None
    named = Network(
        input_shape=(1, 28, 28), layers=[Conv2D(name="edges", filters=2, kernel_size=5), Flatten(), Dense(units=10)]
    )
    assert same_layer(first, "conv1", named) == "edges"
    assert same_layer(first, "conv2", named) is None


def test_six_maps_explain_the_predicted_class(runs):
    shown = html(app("why", runs[0]))
    for name in ("Saliency", "SmoothGrad", "Input × gradient", "Integrated gradients", "Grad-CAM", "Occlusion"):
        assert f'<b style="font-size:.9rem">{name}</b>' in shown
    total, change = map(
        float, re.search(r"Adds up to (\S+); from black to this image the score changes by (\S+)\.<", shown).groups()
    )
    assert total == pytest.approx(change, rel=0.05, abs=0.05)


def test_the_address_chooses_image_and_class(runs):
    shown = app("why", runs[0], image="3", **{"class": "8"})
    assert shown.selectbox(key=next(one.key for one in shown.selectbox if one.key.startswith("why-class"))).value == 8
    assert "Rose speaks for 8" in words(shown)
    missing = app("why", runs[0], image="99999999")
    assert "has no image 99999999" in words(missing)


def test_each_cell_of_grad_cam_is_the_relu_of_its_terms(runs):
    shown = app("why", runs[0])
    key = next(one.key for one in shown.selectbox if one.key.startswith("why-class-")).removeprefix("why-class-")
    shown.session_state[f"cells-{key}-{shown.selectbox(key=f'why-class-{key}').value}"] = True
    ran(shown.run())
    data = next(one for one in (json.loads(one.proto.json) for one in shown.get("bidi_component")) if "cam" in one)
    terms = sum(one["importance"] * np.array(one["values"]) for one in data["maps"]) + np.array(data["rest"])
    np.testing.assert_allclose(np.maximum(terms, 0), data["cam"], atol=1e-12)
    assert np.shape(data["boxes"]) == (*np.shape(data["cam"]), 4)


def test_a_dense_network_has_no_grad_cam_and_says_so(runs):
    shown = app("why", runs[1])
    assert "Grad-CAM needs feature maps, and this network has none." in words(shown)
    assert "Occlusion" in html(shown)


def test_the_randomisation_check_comes_with_its_verdict(runs):
    shown = app("why", runs[0])
    button = next(one for one in shown.button if one.label == "Randomise the weights")
    ran(button.click().run())
    assert re.search(r"\*\*(Passed|In part|Failed)\.\*\*", words(shown))
    assert "+ conv1" in html(shown)


def test_images_are_made_with_and_without_decay_and_blur(runs):
    shown = app("why", runs[0])
    ran(next(one for one in shown.button if one.label == "Make the images").click().run())
    assert re.search(r"\*\*Gradient ascent alone\.\*\* Every class reaches (at least|more than) \d", words(shown))
    share = float(re.search(r"leave \*\*([\d.]+)", words(shown)).group(1))
    assert share <= 50
    ran(shown.selectbox(key=f"excite-layer-{runs[0].id}").select("conv2").run())
    ran(next(one for one in shown.button if one.label == "Make the images").click().run())
    assert "conv2, 4" in html(shown)


@pytest.mark.slow
def test_the_backends_agree(runs):
    shown = app("why", runs[0])
    ran(next(one for one in shown.button if one.label == "Compare the backends").click().run())
    worst = float(re.search(r"Largest difference: \*\*(\S+)\*\*", words(shown)).group(1))
    assert worst < 1e-9


def test_every_class_of_the_shipped_network_is_made_and_decay_with_blur_halves_the_variation():
    """Curriculum 4.4, activation maximisation: probability at least .99 for all ten digits; at most half as rough."""
    subject = Subject(shipped.shipped()["mnist-cnn"])
    alone, calm = (ask(subject, "", tuple(range(10)), None, way) for way in WAYS.values())
    assert alone["probability"].min() >= 0.99
    assert calm["probability"].min() >= 0.99
    assert calm["variation"].mean() <= 0.5 * alone["variation"].mean()


def test_a_confused_image_leads_to_its_explanation(runs, monkeypatch):
    sent = []
    monkeypatch.setattr("streamlit.html", sent.append)
    show_images("digits", np.array([5, 7]), ["a", "b"], ["a", "b"], runs[0])
    assert f"explore?run={runs[0].id}&amp;view=why&amp;image=5" in sent[0]
    show_images("digits", np.array([5]), ["a"], ["a"])
    assert "explore" not in sent[1]
