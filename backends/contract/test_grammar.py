"""Any network drawn from the grammar is either refused with a reason or trains alike on every backend."""

import numpy as np
import pytest
from hypothesis import HealthCheck, event, given, settings
from numpy.testing import assert_allclose
from pydantic import ValidationError

import backends
from backends.contract import grammar
from core.data.recipe import DataRecipe
from core.experiment.experiment import Experiment
from core.experiment.messages import explain
from core.network.initial_weights import initial_weights
from core.network.network import Network
from core.network.shapes import NetworkError, output_shape
from core.numerics import dropout
from core.random import generator
from core.recipe.training import TrainingRecipe


ROWS, SEED = 6, 3
RECIPE = TrainingRecipe(precision="float64")


def two_steps(name: str, network: Network):
    """The losses of two steps, then predictions, which depend on batch norm's running statistics."""
    rng = generator(SEED, "grammar pictures")
    x, y = rng.normal(0, 1, (ROWS, *network.input_shape)), rng.integers(0, output_shape(network)[0], ROWS)
    model = backends.load(name).build(network, initial_weights(network, SEED, np.float64), RECIPE)
    model.load(x, y)
    masks = [dropout.masks(network, SEED, step, 4) for step in (1, 2)]
    stacked = {layer: np.stack([mask[layer] for mask in masks]) for layer in masks[0]}
    losses = model.steps(np.array([[0, 1, 2, 3], [4, 5, 0, 1]]), np.array([0.01, 0.01]), stacked)
    return losses, model.predict(x)


def refusal(network: Network) -> str:
    """Why the network cannot be trained; "" if it can."""
    try:
        Experiment(data=DataRecipe(name="digits"), network=network, training=RECIPE)
    except NetworkError as error:
        assert error.repairs
        assert error.layer
        return str(error)
    except ValidationError as error:
        return explain(error)
    return ""


def refused_or_alike(network: Network) -> None:
    if reason := refusal(network):
        event("refused")
        assert "layer" in reason
        assert len(reason) > 30
        return
    event("trained")
    here = [name for name in backends.names() if backends.missing(name) is None]
    (expected, logits), *others = [two_steps(name, network) for name in here]
    for losses, predicted in others:
        assert_allclose(losses, expected, rtol=1e-9, atol=1e-12)
        assert_allclose(predicted, logits, rtol=1e-7, atol=1e-9 * max(1, np.abs(logits).max()))


options = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@given(grammar.networks)
@settings(max_examples=12, derandomize=True, **options)
def test_a_network_of_the_grammar_is_refused_with_a_reason_or_trains_alike_on_all_backends(network):
    refused_or_alike(network)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@given(grammar.networks)
@settings(max_examples=200, **options)
def test_many_networks_of_the_grammar_are_refused_with_a_reason_or_train_alike(network):
    refused_or_alike(network)


@given(grammar.networks)
@settings(max_examples=200, deadline=None)
def test_a_network_of_the_grammar_comes_back_from_its_json(network):
    assert Network.model_validate_json(network.model_dump_json()) == network
