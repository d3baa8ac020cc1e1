"""A whole network computed in the browser is the NumPy reference's: every layer and option, forward and backward, the
losses, the optimisers, and the arithmetic of single cells."""

import numpy as np
import pytest

import backends
from backends.contract.networks import NETWORKS, network
from core.experiment.presets import PRESETS
from core.network.description import described
from core.network.initial_weights import initial_weights
from core.network.layers import Conv2D, Dense, Flatten
from core.network.running_statistics import initial_statistics
from core.network.shapes import trace
from core.numerics import losses, optimizers
from core.recipe import losses as loss_specs
from core.recipe import optimizers as optimizer_specs
from core.recipe.training import TrainingRecipe
from pages.ui.weights import packed_weights
from tests.support.node import javascript


ENGINE = ("network_layers", "network_engine", "network_learning", "network_cells")
START = """const { network, packed, x, seed } = given;
const weights = readWeights(packed.manifest, packed.data), image = Float32Array.from(x);
const outputs = forward(network, weights, image);
const lists = arrays => Object.fromEntries(Object.entries(arrays).map(([name, values]) => [name, Array.from(values)]));
"""


class Case:
    """A network with weights and statistics that are all different from 0, one image, and a seed for its gradients."""

    def __init__(self, subject, precision="float32"):
        rng = np.random.default_rng(3)
        self.network, self.described = subject, described(subject)
        start = initial_weights(subject, 1) | initial_statistics(subject)
        drawn = {
            name: (a if "weights" in name and a.any() else a + 0.3 * rng.random(a.shape)).astype("float32")
            for name, a in start.items()
        }
        self.statistics = {name: a for name, a in drawn.items() if ".running_" in name}
        self.weights = {name: a for name, a in drawn.items() if name not in self.statistics}
        self.x = rng.normal(size=subject.input_shape).astype("float32")
        self.model = backends.load("reference").build(subject, self.weights, TrainingRecipe(precision=precision))
        state = self.model.state()
        state.statistics = self.statistics
        self.model.restore(state)
        self.seed = rng.normal(size=trace(subject)[-1].output).astype("float32")
        self.outputs = {name: a[0] for name, a in self.model.activations(self.x[None]).items()}

    def in_the_browser(self, expression, **more):
        given = {
            "network": self.described,
            "packed": packed_weights(self.weights, self.statistics),
            "x": self.x.ravel().tolist(),
            "seed": self.seed.ravel().tolist(),
        }
        return javascript(ENGINE, f"(() => {{ {START} {expression} }})()", given | more)


def same(result, expected, tolerance=1e-5):
    """Equal to within a share of the largest number."""
    expected = np.asarray(expected, float)
    result = np.array(result, float).reshape(expected.shape)
    assert np.abs(result - expected).max(initial=0) <= tolerance * max(np.abs(expected).max(initial=0), 1e-3)


def all_same(result, expected, tolerance=1e-5):
    assert list(result) == list(expected)
    for name, values in expected.items():
        same(result[name], values, tolerance)


each_network = pytest.mark.parametrize("subject", NETWORKS.values(), ids=NETWORKS)
each_preset = pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.name)


@each_network
def test_every_layer_forward_and_backward_is_the_references(subject):
    compare(Case(subject, "float64"))


@each_preset
def test_every_preset_forward_and_backward_is_the_references(preset):
    compare(Case(preset.network(), "float64"))


def compare(case):
    result = case.in_the_browser(
        """const g = backward(network, weights, image, outputs, seed);
        return { outputs: lists(outputs), input: Array.from(g.input), weights: lists(g.weights),
          activations: lists(g.activations) };"""
    )
    all_same(result["outputs"], case.outputs)
    expected = case.model.gradients(case.x[None], case.seed[None])
    same(result["input"], expected.input[0])
    all_same({name: result["weights"][name] for name in expected.weights}, expected.weights, 2e-5)
    all_same(
        {name: result["activations"][name] for name in expected.activations},
        {name: a[0] for name, a in expected.activations.items()},
    )
    assert len(result["weights"]) == len(expected.weights)
