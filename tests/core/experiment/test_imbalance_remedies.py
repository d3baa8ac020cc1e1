"""Remedies against imbalance: what each changes in an experiment, and the resulting weights."""

import numpy as np
import pytest

import backends
from core.data import catalogue
from core.data.preparation.class_imbalance import Counts
from core.data.prepared import prepare
from core.experiment.experiment import ExperimentError, changed
from core.experiment.imbalance_remedies import remedied, remedies, remedy_of
from core.network.initial_weights import initial_weights
from core.recipe.class_weights import BalancedWeights, of_images
from core.training import loop
from tests.support.small import small_experiment


RARE = 8
REMEDIES = remedies()


def experiment(remedy: str = "none"):
    """With five images of the rare digit."""
    made = small_experiment(epochs=50, batch_size=30, train=300, steps=50)
    data = made.data.model_copy(update={"imbalance": Counts(keep={RARE: 5})})
    return remedied(made.model_copy(update={"data": data}), REMEDIES[remedy])


@pytest.mark.parametrize("remedy", REMEDIES)
def test_a_remedy_is_recognised_and_takes_the_place_of_the_one_before(remedy):
    it = experiment(remedy)
    assert remedy_of(it) == remedy
    assert remedied(it, REMEDIES["none"]) == experiment()
    assert remedied(experiment("class-weights"), REMEDIES[remedy]) == it


def test_two_remedies_at_once_are_no_remedy_of_the_list():
    assert remedy_of(changed(experiment("class-weights"), **{"training.order": "balanced"})) is None


def test_weights_by_hand_must_be_as_many_as_classes():
    it = changed(experiment(), **{"training.class_weights": {"kind": "custom", "weights": [1, 2]}})
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
    assert np.allclose(weight, of_images(BalancedWeights(), labels, 10))
    assert weight[labels == RARE].min() > 5
