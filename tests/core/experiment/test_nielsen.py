"""Nielsen's network3: each of its differences separately, and all of them together."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from core.experiment import nielsen, presets
from core.network.blocks import Branches, Residual, every_layer
from core.network.initial_weights import initial_weights
from core.network.initializers import OneOverOut, Zeros
from core.network.layers import Activation, Conv2D, Dense, Dropout, Flatten, LocallyConnected, Pool
from core.network.network import Network
from core.numerics.penalties import batches, by_weight
from core.recipe.penalties import Penalties, Penalty
from core.recipe.training import TrainingRecipe
from core.training.loop import epoch_order, steps_per_epoch
from tests.support.small import small_experiment


def plain():
    """Everything as most do it: activation before the pool, inverted dropout, Glorot, shuffled."""
    layers = [
        Conv2D(filters=20, kernel_size=5),
        Activation(function="relu"),
        Pool(window=2),
        Flatten(),
        Dropout(rate=0.5),
        Dense(units=100),
        Activation(function="tanh"),
        Dropout(rate=0.5),
        Dense(units=10),
    ]
    it = small_experiment()
    return it.model_copy(update={"network": Network(input_shape=(1, 16, 16), layers=layers)})


def test_at_one_stroke_every_item_holds_and_before_it_none_did():
    it = plain()
    assert [item.label for item in nielsen.ITEMS if item.holds(it)] == []
    made = nielsen.faithful(it)
    assert all(item.holds(made) for item in nielsen.ITEMS)
    assert nielsen.faithful(made) == made
    assert made.hash != it.hash


@pytest.mark.parametrize("item", nielsen.ITEMS, ids=lambda item: item.label)
def test_each_item_is_a_switch_of_its_own(item):
    made = item.give(plain())
    assert [other.label for other in nielsen.ITEMS if other.holds(made)] == [item.label]


def test_weights_are_drawn_with_variance_one_over_n_out_and_biases_with_one():
    """Of the convolution n_out = 20 * 5 * 5 / (2 * 2) = 125; the last layer starts at zero."""
    made = nielsen.faithful(plain())
    assert made.network.layers[0].weights == OneOverOut(pool_area=4)
    drawn = initial_weights(made.network, 1, np.float64)
    assert_allclose(np.std(drawn["conv1.weights"]), np.sqrt(1 / 125), rtol=0.1)
    assert_allclose(np.std(drawn["dense1.weights"]), np.sqrt(1 / 100), rtol=0.1)
    assert_allclose(np.std(drawn["dense1.biases"]), 1, rtol=0.25)
    assert not drawn["dense2.weights"].any()
    assert not drawn["dense2.biases"].any()


def test_the_activation_moves_behind_the_pool():
    kinds = [layer.kind for layer in nielsen.faithful(plain()).network.layers]
    assert kinds[:4] == ["conv2d", "pool", "activation", "flatten"]


def test_a_lambda_of_a_tenth_over_5000_batches_is_a_decay_of_two_in_a_hundred_thousand():
    recipe = TrainingRecipe(penalties=Penalties(dense=Penalty(l2=0.1), over_batches=True), batch_size=10)
    assert batches(recipe, 50_000) == 5000
    network = Network(input_shape=(1, 28, 28), layers=[Flatten(), Dense(units=100), Dense(units=10)])
    assert by_weight(network, recipe, 50_000) == {"dense1.weights": Penalty(l2=2e-5)}
    as_it_is = recipe.model_copy(update={"penalties": Penalties(dense=Penalty(l2=0.1))})
    assert by_weight(network, as_it_is, 50_000) == {"dense1.weights": Penalty(l2=0.1)}


def test_rows_come_in_their_own_order_and_a_last_batch_that_is_not_full_is_left_out():
    recipe = nielsen.faithful(plain()).training
    assert epoch_order(recipe, 5, 1, 3).tolist() == [0, 1, 2, 3, 4]
    assert steps_per_epoch(recipe, 10 * recipe.batch_size + 1) == 10


@pytest.mark.parametrize("name", [name for name in presets.names() if name.startswith("network3-")])
def test_the_presets_of_network3_are_faithful_but_for_the_relu_of_the_later_ones(name):
    it = presets.experiment(name, "digits")
    functions = {layer.function for layer in it.network.layers if isinstance(layer, Activation)}
    missing = [item.label for item in nielsen.ITEMS if not item.holds(it)]
    assert missing == (["Sigmoid"] if functions == {"relu"} else [])


def test_layers_within_blocks_count_too():
    it = presets.experiment("small-resnet", "digits")
    made = nielsen.faithful(it).network
    within = list(every_layer(made.layers))[:-1]
    hidden = [layer for layer in within if isinstance(layer, Conv2D)]
    assert len(hidden) == 7
    assert all(layer.weights.kind == "one_over_out" for layer in hidden)
    assert {layer.weights.kind for layer in within if getattr(layer, "shortcut", "") == "1x1"} == {"one_over_out"}
    assert {layer.function for layer in within if isinstance(layer, Activation)} == {"sigmoid"}
    assert made.layers[-1].weights == Zeros()


@pytest.mark.parametrize("position, label", [(0, "Initial weights"), (3, "Dropout"), (1, "Sigmoid")])
def test_no_item_holds_while_a_layer_within_a_block_does_otherwise(position, label):
    other = [
        LocallyConnected(filters=2, kernel_size=3),
        Activation(function="relu"),
        Pool(window=2),
        Dropout(rate=0.5),
    ][position]
    layers = [Branches(rows=[[Residual(layers=[Branches(rows=[[other], [other]])], shortcut="1x1")], []])]
    if label == "Initial weights":
        layers = [Branches(rows=[[other], [Conv2D(filters=1, kernel_size=3)]])]
    it = plain()
    end = [Flatten(), Dense(units=10)]
    it = it.model_copy(update={"network": Network(input_shape=(1, 16, 16), layers=[*layers, *end])})
    (item,) = [item for item in nielsen.ITEMS if item.label == label]
    assert not item.holds(it)
    assert item.holds(item.give(it))


def test_within_a_block_the_activation_moves_behind_the_pool_too():
    row = [LocallyConnected(filters=2, kernel_size=3), Activation(function="relu"), Pool(window=2)]
    layers = [Branches(rows=[row, row]), Flatten(), Dense(units=10)]
    it = plain().model_copy(update={"network": Network(input_shape=(1, 16, 16), layers=layers)})
    rows = nielsen.faithful(it).network.layers[0].rows
    assert [[layer.kind for layer in row] for row in rows] == [["locally_connected", "pool", "activation"]] * 2
    assert rows[0][0].weights == OneOverOut(pool_area=4)


def test_an_output_activation_is_not_hidden():
    it = presets.experiment("zip-net", "mnist-16x16")
    functions = [layer.function for layer in nielsen.faithful(it).network.layers if isinstance(layer, Activation)]
    assert functions == ["sigmoid", "sigmoid", "sigmoid", "tanh"]
