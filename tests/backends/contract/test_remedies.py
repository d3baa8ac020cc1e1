"""The contract, for remedies against imbalance: whatever the remedy, every backend makes the same training of it."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import backends
from core.data import catalogue
from core.data.preparation.class_imbalance import Counts
from core.data.prepared import prepare
from core.experiment.experiment import ExperimentError, changed
from core.experiment.imbalance_remedies import remedied, remedies, remedy_of
from core.network.initial_weights import initial_weights
from core.recipe.class_weights import BalancedWeights, WeightsByHand, of_pictures
from core.recipe.optimizers import Momentum
from core.recipe.training import TrainingRecipe
from core.training import loop
from core.training.balanced_batches import balanced_order
from tests.support.small import small_experiment


RARE = 8
REMEDIES = remedies()


def experiment(remedy: str = "none"):
    """Fifty steps with five pictures of the rare digit. Momentum, since Adam's first steps make much of rounding."""
    made = small_experiment(epochs=50, batch_size=30, train=300, steps=50)
    data = made.data.model_copy(update={"imbalance": Counts(keep={RARE: 5})})
    recipe = made.training.model_copy(update={"optimizer": Momentum(rate=0.02)})
    return remedied(made.model_copy(update={"data": data, "training": recipe}), REMEDIES[remedy])


def trained(backend, it):
    """(losses, weights after them)"""
    data = prepare(catalogue.load(it.data.name), it.data, it.seed, np.float64)
    model = backend.build(it.network, initial_weights(it.network, it.seed, it.training.precision), it.training)
    losses = [loss for report in loop.steps(model, data, it) for loss in report.losses.tolist()]
    return np.array(losses), model.state().weights


@pytest.mark.parametrize("remedy", REMEDIES)
def test_fifty_steps_with_a_remedy_agree_with_the_reference(backend, remedy):
    it = experiment(remedy)
    expected, ours = trained(backends.load("reference"), it)
    found, theirs = trained(backend, it)
    assert len(found) == 50
    assert_allclose(found, expected, rtol=1e-9)
    for name, weights in ours.items():
        assert_allclose(theirs[name], weights, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("remedy", [name for name in REMEDIES if name != "none"])
def test_every_remedy_changes_the_training(remedy):
    reference = backends.load("reference")
    _, plain = trained(reference, experiment())
    _, other = trained(reference, experiment(remedy))
    assert max(np.abs(plain[name] - other[name]).max() for name in plain) > 1e-3


@pytest.mark.parametrize("remedy", REMEDIES)
def test_a_remedy_is_recognised_and_takes_the_place_of_the_one_before(remedy):
    it = experiment(remedy)
    assert remedy_of(it) == remedy
    assert remedied(it, REMEDIES["none"]) == experiment()
    assert remedied(experiment("class-weights"), REMEDIES[remedy]) == it


def test_two_remedies_at_once_are_no_remedy_of_the_list():
    assert remedy_of(changed(experiment("class-weights"), **{"training.order": "balanced"})) is None


def test_repeating_every_rare_picture_is_a_weight_for_a_full_batch(backend):
    """Ten pictures of one class ten times or with the weight ten: the same sum, over another number of pictures."""
    made = small_experiment(batch_size=1, train=20)
    x = np.random.default_rng(1).random((20, 1, 16, 16))
    y = np.array([0] * 18 + [1] * 2)
    network = made.network.model_copy(
        update={"layers": [layer for layer in made.network.layers if layer.kind != "dropout"]}
    )
    repeated = np.concatenate([np.arange(20), np.repeat([18, 19], 8)])
    found = []
    for pictures, labels, weight in (
        (x[repeated], y[repeated], None),
        (x, y, of_pictures(WeightsByHand(weights=(20 / 36, 9 * 20 / 36) + (0,) * 8), y, 10)),
    ):
        recipe = TrainingRecipe(optimizer=Momentum(rate=0.1), precision="float64")
        model = backend.build(network, initial_weights(network, 1, "float64"), recipe)
        model.load(pictures, labels, weight)
        found.append(model.steps(np.tile(np.arange(len(labels)), (5, 1)), np.full(5, 0.1), {}))
    assert_allclose(found[0], found[1], rtol=1e-9)


def test_every_balanced_batch_has_every_class_as_often_within_one():
    labels = np.array([0] * 500 + [1] * 90 + [2] * 7)
    order = balanced_order(labels, seed=1, epoch=3)
    assert len(order) == len(labels)
    for size in (30, 32, 100):
        for start in range(0, len(order) - size, size):
            counts = np.bincount(labels[order[start : start + size]], minlength=3)
            assert counts.max() - counts.min() <= (size % 3 > 0), (size, start, counts)


def test_a_class_gives_all_its_rows_before_any_comes_again_and_every_epoch_has_its_own_order():
    labels = np.array([0] * 40 + [1] * 10)
    order = balanced_order(labels, seed=1, epoch=1)
    assert sorted(np.bincount(order[labels[order] == 1])[40:]) in ([2] * 5 + [3] * 5, [2] * 10, [2] * 5 + [3] * 5)
    assert len(set(order[labels[order] == 0])) == 25
    assert not np.array_equal(order, balanced_order(labels, seed=1, epoch=2))
    assert np.array_equal(order, balanced_order(labels, seed=1, epoch=1))


def test_weights_by_hand_must_be_as_many_as_classes():
    it = changed(experiment(), **{"training.class_weights": {"kind": "by_hand", "weights": [1, 2]}})
    with pytest.raises(ExperimentError, match="there are 2 class weights, but digits-16x16 has 10 classes"):
        loop.check(it, prepare(catalogue.load("digits-16x16"), it.data, 1))


def test_the_weights_a_model_gets_are_those_of_the_rows_it_trains_with():
    it, seen = experiment("class-weights"), []
    data = prepare(catalogue.load(it.data.name), it.data, it.seed, np.float64)
    model = backends.load("reference").build(it.network, initial_weights(it.network, 1, "float64"), it.training)
    load = model.load
    model.load = lambda x, y, weight=None: seen.append((y, weight)) or load(x, y, weight)
    list(loop.steps(model, data, it))
    (labels, weight), *_ = seen
    assert np.allclose(weight, of_pictures(BalancedWeights(), labels, 10)) and weight[labels == RARE].min() > 5
