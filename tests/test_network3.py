"""Nielsen's network3 to the letter: each of its ways by itself, and all at one stroke."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from core import network3
from core.experiment import Penalties, Penalty, TrainingRecipe
from core.maths.penalties import batches, by_weight
from core.network import presets
from core.network.initial_weights import initial_weights
from core.network.initials import OneOverOut
from core.network.layers import Activation, Conv2D, Dense, Dropout, Flatten, Pool
from core.network.network import Network
from core.training import epoch_order, steps_per_epoch
from tests.small import small_experiment


def plain():
    """Everything as most do it: activation before the pool, inverted dropout, Glorot, shuffled."""
    layers = [
        Conv2D(maps=20, kernel=5),
        Activation(function="sigmoid"),
        Pool(window=2),
        Flatten(),
        Dropout(rate=0.5),
        Dense(units=100),
        Activation(function="sigmoid"),
        Dropout(rate=0.5),
        Dense(units=10),
    ]
    it = small_experiment()
    return it.model_copy(update={"network": Network(input_shape=(1, 16, 16), layers=layers)})


def test_at_one_stroke_every_item_holds_and_before_it_none_did():
    it = plain()
    assert [item.label for item in network3.ITEMS if item.holds(it)] == []
    made = network3.faithful(it)
    assert all(item.holds(made) for item in network3.ITEMS)
    assert network3.faithful(made) == made and made.hash != it.hash


@pytest.mark.parametrize("item", network3.ITEMS, ids=lambda item: item.label)
def test_each_item_is_a_switch_of_its_own(item):
    made = item.give(plain())
    assert [other.label for other in network3.ITEMS if other.holds(made)] == [item.label]


def test_weights_are_drawn_with_variance_one_over_n_out_and_biases_with_one():
    """Of the convolution n_out = 20 * 5 * 5 / (2 * 2) = 125; the last layer starts at zero."""
    made = network3.faithful(plain())
    assert made.network.layers[0].weights == OneOverOut(pool_area=4)
    drawn = initial_weights(made.network, 1, np.float64)
    assert_allclose(np.std(drawn["conv1.weights"]), np.sqrt(1 / 125), rtol=0.1)
    assert_allclose(np.std(drawn["dense1.weights"]), np.sqrt(1 / 100), rtol=0.1)
    assert_allclose(np.std(drawn["dense1.biases"]), 1, rtol=0.25)
    assert not drawn["dense2.weights"].any() and not drawn["dense2.biases"].any()


def test_the_activation_moves_behind_the_pool():
    kinds = [layer.kind for layer in network3.faithful(plain()).network.layers]
    assert kinds[:4] == ["conv2d", "pool", "activation", "flatten"]


def test_a_lambda_of_a_tenth_over_5000_batches_is_a_decay_of_two_in_a_hundred_thousand():
    recipe = TrainingRecipe(penalties=Penalties(dense=Penalty(l2=0.1), over_batches=True), batch_size=10)
    assert batches(recipe, 50_000) == 5000
    network = Network(input_shape=(1, 28, 28), layers=[Flatten(), Dense(units=100), Dense(units=10)])
    assert by_weight(network, recipe, 50_000) == {"dense1.weights": Penalty(l2=2e-5)}
    as_it_is = recipe.model_copy(update={"penalties": Penalties(dense=Penalty(l2=0.1))})
    assert by_weight(network, as_it_is, 50_000) == {"dense1.weights": Penalty(l2=0.1)}


def test_rows_come_in_their_own_order_and_a_last_batch_that_is_not_full_is_left_out():
    recipe = network3.faithful(plain()).training
    assert epoch_order(recipe, 5, 1, 3).tolist() == [0, 1, 2, 3, 4]
    assert steps_per_epoch(recipe, 10 * recipe.batch_size + 1) == 10


@pytest.mark.parametrize("name", [name for name in presets.names() if name.startswith("network3-")])
def test_the_presets_of_network3_are_faithful(name):
    it = presets.experiment(name, "digits")
    assert network3.faithful(it) == it
