"""The contract, for explanations: every backend gives the maps of the reference, in float64 within 1e-9."""

from typing import get_args

import numpy as np
import pytest

from backends.contract.comparing import relative_error
from backends.contract.models import images, model, reference, statistics_for, weights_for
from backends.contract.networks import NETWORKS
from core.backend import State
from core.data.recipe import DataRecipe
from core.experiment.experiment import Experiment
from core.explain.inside_questions import Histograms, StrongestPatches
from core.explain.trained import Trained
from core.explain.why_questions import Attribution, Maximise, Method, RandomisationCheck
from core.recipe.training import TrainingRecipe


SUBJECTS = ("valid", "max", "average, ceil", "batch norm", "residual, 1x1 with strides", "locally connected")
METHODS = get_args(Method)


def trained(backend, name):
    network, recipe = NETWORKS[name], TrainingRecipe(precision="float64")
    experiment = Experiment(title=name, data=DataRecipe(name="digits"), network=network, training=recipe)
    state = State(weights_for(network), statistics=statistics_for(network))
    return Trained(experiment, state, model(backend, network), lambda *given: backend.build(*given, recipe))


def asked(backend, name, question, **arrays):
    given = {"images": images(5, NETWORKS[name].input_shape)} | arrays
    return question.answer(trained(backend, name), given)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", SUBJECTS)
def test_a_map_is_that_of_the_reference(backend, name, method):
    question = Attribution(method=method, label=1)
    result, expected = asked(backend, name, question), asked(reference(), name, question)
    assert result["map"].shape == NETWORKS[name].input_shape[1:]
    assert np.abs(expected["map"]).max() > 0
    for key in expected:
        assert relative_error(result[key], expected[key]) < 1e-9, key


@pytest.mark.parametrize("name", SUBJECTS)
def test_integrated_gradients_add_up_to_the_difference_of_the_scores(backend, name):
    baseline = images(1, NETWORKS[name].input_shape, seed=8)[0]
    result = asked(backend, name, Attribution(method="integrated_gradients", label=2, steps=2000), baseline=baseline)
    difference = result["score"] - result["baseline_score"]
    assert result["map"].sum() == pytest.approx(difference, abs=2e-3 * max(1, abs(difference)))


def test_the_randomisation_check_agrees_with_the_reference(backend):
    question = RandomisationCheck(attribution=Attribution(method="saliency", label=1))
    result, expected = asked(backend, "batch norm", question), asked(reference(), "batch norm", question)
    assert result["maps"].shape == (1 + 4, 7, 6), "two batch norms, a convolution and a dense layer"
    assert result["correlation"][0] == 1
    for key in expected:
        assert relative_error(result[key], expected[key]) < 1e-9, key


@pytest.mark.parametrize("question", [Maximise(units=(0, 2), steps=5), Maximise(units=(1,), layer="conv1", steps=5)])
def test_a_climb_agrees_with_the_reference(backend, question):
    result, expected = asked(backend, "valid", question), asked(reference(), "valid", question)
    for key in expected:
        assert relative_error(result[key], expected[key]) < 1e-9, key


def test_histograms_and_patches_agree_with_the_reference(backend):
    labels = np.array([0, 1, 2, 1, 0])
    for question in (Histograms(layers=("conv1", "act1")), StrongestPatches(layer="conv2", count=3)):
        result = asked(backend, "valid", question, labels=labels)
        expected = asked(reference(), "valid", question, labels=labels)
        for key in expected:
            if not key.endswith("counts"):  # a value within rounding of an edge may be in the next bin
                assert relative_error(result[key], expected[key]) < 1e-9, key
