"""The contract, for remedies against class imbalance: whatever the remedy, all backends train alike."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import backends
from backends.contract.experiments import digits_experiment
from core.data import catalogue
from core.data.preparation.class_imbalance import Counts
from core.data.prepared import prepare
from core.experiment.imbalance_remedies import remedied, remedies
from core.network.initial_weights import initial_weights
from core.recipe.class_weights import CustomWeights, of_images
from core.recipe.optimizers import Momentum
from core.recipe.training import TrainingRecipe
from core.training import loop


RARE = 8
REMEDIES = remedies()


def experiment(remedy: str = "none"):
    """Fifty steps with five images of the rare digit."""
    plain = digits_experiment(epochs=50, batch_size=30, train=300, steps=50)
    data = plain.data.model_copy(update={"imbalance": Counts(keep={RARE: 5})})
    return remedied(plain.model_copy(update={"data": data}), REMEDIES[remedy])


def trained(backend, it):
    """(losses, weights after the last step)"""
    data = prepare(catalogue.load(it.data.name), it.data, it.seed, np.float64)
    model = backend.build(it.network, initial_weights(it.network, it.seed, it.training.precision), it.training)
    losses = [loss for report in loop.steps(model, data, it) for loss in report.losses.tolist()]
    return np.array(losses), model.state().weights


@pytest.mark.parametrize("remedy", REMEDIES)
def test_fifty_steps_with_a_remedy_agree_with_the_reference(backend, remedy):
    it = experiment(remedy)
    expected, ours = trained(backends.load("reference"), it)
    result, theirs = trained(backend, it)
    assert len(result) == 50
    assert_allclose(result, expected, rtol=1e-9)
    for name, weights in ours.items():
        assert_allclose(theirs[name], weights, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("remedy", [name for name in REMEDIES if name != "none"])
def test_every_remedy_changes_the_training(remedy):
    reference = backends.load("reference")
    _, plain = trained(reference, experiment())
    _, other = trained(reference, experiment(remedy))
    assert max(np.abs(plain[name] - other[name]).max() for name in plain) > 1e-3


def test_repeating_every_rare_image_is_a_weight_for_a_full_batch(backend):
    """Rare images repeated nine times, or weighted nine times: the same sum, divided by another number of images."""
    made = digits_experiment(epochs=1, batch_size=1, train=20)
    x = np.random.default_rng(1).random((20, 1, 16, 16))
    y = np.array([0] * 18 + [1] * 2)
    network = made.network.model_copy(
        update={"layers": [layer for layer in made.network.layers if layer.kind != "dropout"]}
    )
    repeated = np.concatenate([np.arange(20), np.repeat([18, 19], 8)])
    results = []
    for images, labels, weight in (
        (x[repeated], y[repeated], None),
        (x, y, of_images(CustomWeights(weights=(20 / 36, 9 * 20 / 36) + (0,) * 8), y, 10)),
    ):
        recipe = TrainingRecipe(optimizer=Momentum(learning_rate=0.1), precision="float64")
        model = backend.build(network, initial_weights(network, 1, "float64"), recipe)
        model.load(images, labels, weight)
        results.append(model.steps(np.tile(np.arange(len(labels)), (5, 1)), np.full(5, 0.1), {}))
    assert_allclose(results[0], results[1], rtol=1e-9)
