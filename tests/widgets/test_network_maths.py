"""The arithmetic of neurons in the browser is core's: bends, softmax, two layers as one, and a whole training."""

import numpy as np
import pytest

import backends
from core.demos.learning.function_curves import BENDS, CURVES, sampled
from core.demos.learning.point_clouds import PATTERNS, points
from core.lessons.vocabulary.neurons import bent, collapsed, neuron, through_layers
from core.network.initial_weights import initial_weights
from core.numerics.losses import softmax
from core.recipe.optimizers import Adam
from core.recipe.training import TrainingRecipe
from pages.recorded.arrays import load
from pages.widgets.neurons import boundary_painter
from tests.support.node import javascript


MATHS = ("network_maths",)
Z = [-30, -5, -2, -1, -0.5, 0, 0.5, 1, 2, 5, 30]


@pytest.mark.parametrize("name", BENDS)
def test_a_bend_and_its_slope_in_the_browser_are_cores(name):
    result = javascript(MATHS, f"given.map(z => BENDS.{name}.map((f, k) => f(z, BENDS.{name}[0](z))))", Z)
    expected = sampled(name, Z)
    assert np.array(result) == pytest.approx(
        np.stack([expected["value"], expected["slope"]], 1).astype(float), abs=1e-12
    )


def test_the_browser_has_exactly_cores_bends():
    assert javascript(MATHS, "Object.keys(BENDS)") == list(BENDS)


@pytest.mark.parametrize("logits", [[2, 1, 0.1], [0, 0, 0], [500, 499, -500]])
def test_softmax_in_the_browser_is_cores(logits):
    assert javascript(MATHS, "shares(given)", logits) == pytest.approx(softmax(np.array([logits], float))[0], abs=1e-12)


def test_two_layers_in_the_browser_are_cores_with_and_without_a_bend():
    w, u, x = [[0.5, -1], [2, 0.25]], [3, -2], [1.5, -0.5]
    assert javascript(MATHS, "collapsedWeights(given[0], given[1])", [w, u]) == pytest.approx(collapsed(w, u))
    assert javascript(MATHS, "weightedSum(given[0], given[1], 0.5)", [x, w[0]]) == pytest.approx(neuron(x, w[0], 0.5))
    layers = [{"w": w, "b": [0, 0]}, {"w": [u], "b": [0]}]
    for bend in ("linear", "relu", "tanh"):
        result = javascript(MATHS, f"through(given[0], '{bend}', given[1]).logits", [layers, x])
        assert result == pytest.approx([through_layers(x, w, u, bend)])


@pytest.mark.parametrize(
    "pattern, hidden, bend",
    [("clouds", 0, "tanh"), ("ring", 1, "relu"), ("spirals", 3, "tanh"), ("corners", 2, "sigmoid")],
)
def test_twenty_steps_of_training_in_the_browser_are_those_of_the_reference(pattern, hidden, bend):
    where, labels = points(pattern, 24)
    network = boundary_painter.network(hidden, 3, bend)
    recipe = TrainingRecipe(optimizer=Adam(learning_rate=0.03), batch_size=24, precision="float64")
    model = backends.load("reference").build(network, initial_weights(network, 2, "float64"), recipe)
    model.load(where.reshape(24, 2, 1, 1), labels)
    expected = model.steps(np.tile(np.arange(24), (20, 1)), np.full(20, 0.03), {})
    program = """(([layers, points, labels]) => { const slots = {}; return Array.from({ length: 20 }, (_, k) => {
      const { loss, gradients } = lossAndGradients(layers, 'BEND', points, labels);
      adamStep(layers, gradients, slots, k + 1, 0.03); return loss; }); })(given)""".replace("BEND", bend)
    start = boundary_painter.start(hidden, 3, bend, 2)
    assert javascript(MATHS, program, [start, where.tolist(), labels.tolist()]) == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_points_lie_in_the_plane_in_two_equal_classes(pattern):
    where, labels = points(pattern, 80)
    assert where.shape == (80, 2)
    assert np.abs(where).max() < 3
    assert labels.sum() == 40
    assert (where == points(pattern, 80)[0]).all()


@pytest.mark.parametrize("name", CURVES)
def test_a_drawn_slope_is_the_rise_of_its_curve(name):
    x = np.array([0.2, 0.4, 0.7])
    near = (sampled(name, x + 1e-6)["value"] - sampled(name, x - 1e-6)["value"]) / 2e-6
    assert sampled(name, x)["slope"].astype(float) == pytest.approx(near.astype(float), rel=1e-6)


def test_maxout_of_z_and_a_tenth_of_z_is_leaky_relu():
    z = np.array(Z, float)
    assert bent("leaky_relu", z) == pytest.approx(np.maximum(z, 0.1 * z))


def test_the_recorded_weight_images_grow_as_measured_before():
    """Curriculum, section 6, L02: .79, .89, .914, .921 after 10, 100, 390, 1170 steps; correlation .95, then .71."""
    recording = load("weight-images")
    assert recording.numbers["steps"] == [0, 1, 10, 100, 390, 1170]
    assert recording.numbers["accuracy"][2:] == pytest.approx([0.79, 0.89, 0.914, 0.921], abs=0.012)
    assert max(recording.numbers["like-differences"]) == pytest.approx(0.95, abs=0.01)
    assert recording.numbers["like-differences"][-1] == pytest.approx(0.71, abs=0.01)
    assert 0.35 < recording.numbers["like-means"][-1] < 0.5


def test_the_recorded_logits_are_those_of_the_recorded_weights():
    recording = load("weight-images")
    images, logits = recording.array("images"), recording.array("logits")
    for at, step in enumerate(recording.numbers["steps"]):
        biases = logits[at] - images @ recording.array(f"weights-{step}").T
        assert np.ptp(biases, axis=0).max() <= 0.02 + 0.02 * np.abs(logits[at]).max(), f"step {step}"


def test_recorded_patterns_are_between_0_and_1_and_name_most_digits_right():
    recording = load("activation-patterns")
    for layer, units in (("first", 16), ("second", 12)):
        assert recording.array(layer).shape == (20, units)
        assert 0 <= recording.array(layer).min() <= recording.array(layer).max() <= 1
    assert (recording.array("logits").argmax(axis=1) == recording.array("labels")).mean() >= 0.85
    assert recording.numbers["accuracy"][0] > 0.9


def test_in_the_second_layer_a_digit_is_more_like_its_twin_and_less_like_others():
    recording = load("activation-patterns")
    labels, apart = recording.array("labels"), ~np.eye(20, dtype=bool)
    same = labels[:, None] == labels
    first, second = (np.corrcoef(recording.array(layer)) for layer in ("first", "second"))
    assert second[same & apart].mean() > first[same & apart].mean()
    assert second[~same].mean() < first[~same].mean()
