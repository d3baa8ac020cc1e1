"""The contract, for layers that need special treatment in training."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from backends.contract import golden
from backends.contract.comparing import assert_agree, assert_same, relative_error
from backends.contract.models import images, maps_of, model, one, reference
from backends.contract.networks import NETWORKS, conv, network
from backends.contract.training import ROWS, ready_for, some_steps
from core.backend import State
from core.network.layers import (
    BatchNorm,
    Dense,
    Flatten,
)
from core.numerics import losses as loss_maths
from core.random import generator
from core.recipe.losses import CrossEntropy
from core.recipe.optimizers import SGD, AdamW, Momentum
from core.recipe.penalties import Penalties, Penalty
from core.recipe.training import TrainingRecipe


TRAINED = [
    "padded with -1",
    "one bias per unit",
    "no biases",
    "3 of 4 channels",
    "2 of 4 channels, unit biases",
    "locally connected",
    "local, same padding, channel biases",
    "separate bias layers",
    "global average pooling",
    "batch norm",
    "batch norm of features",
    "batch norm first",
]


@pytest.mark.parametrize("name", TRAINED)
def test_fifty_steps_of_every_layer_agree_with_the_reference(backend, name):
    penalties = Penalties(conv=Penalty(l2=0.01), output=Penalty(l1=0.001))
    ours, theirs = (ready_for(it, name, Momentum(), penalties=penalties) for it in (reference(), backend))
    before = ours.state().weights
    expected, result = (some_steps(it, 0, 50) for it in (ours, theirs))
    assert all(
        relative_error(w, before[name]) > 1e-3 for name, w in ours.state().weights.items()
    )  # every weight learns
    assert_allclose(result, expected, rtol=1e-9)
    assert_agree(theirs.state().weights, ours.state().weights, within=1e-9)
    assert_agree(theirs.state().statistics, ours.state().statistics, within=1e-9)
    x = images(5, NETWORKS[name].input_shape, seed=13)
    assert_allclose(theirs.predict(x), ours.predict(x), rtol=1e-8, atol=1e-10)


@pytest.mark.parametrize("name", TRAINED)
def test_steps_of_one_call_and_of_many_are_the_same(backend, name):
    """Batch norm updates its running statistics at every step of a call."""
    together, apart = ready_for(backend, name), ready_for(backend, name)
    order = np.stack([generator(12, "contract rows", step).permutation(ROWS)[:7] for step in range(4)])
    losses = together.steps(order, np.full(4, 0.05), {})
    one_by_one = np.concatenate([apart.steps(rows[None], np.array([0.05]), {}) for rows in order])
    assert_allclose(losses, one_by_one, rtol=1e-12)
    assert_agree(together.state().statistics, apart.state().statistics, within=1e-12)
    assert_agree(together.state().weights, apart.state().weights, within=1e-12)


def normed(backend, momentum=0.9, epsilon=1e-5, precision="float64"):
    """A network of one batch norm over two features, which are the logits."""
    subject = network(Flatten(), BatchNorm(momentum=momentum, epsilon=epsilon, name="bn"), shape=(2, 1, 1))
    weights = {"bn.gamma": np.ones(2, precision), "bn.beta": np.zeros(2, precision)}
    return backend.build(subject, weights, TrainingRecipe(optimizer=SGD(), precision=precision))


def test_batch_norm_takes_mean_and_deviation_out_as_on_paper(backend):
    """G21: the loss shows what a training step computes, and so do the running statistics at momentum 0."""
    x = np.array([[[[value]], [[0.0]]] for value in golden.G21["x"]], float)
    it = normed(backend, momentum=0.0, epsilon=1e-12)
    it.load(x, np.zeros(8, int))
    losses = it.steps(np.arange(8)[None], np.array([1e-30]), {})
    logits = np.stack([golden.G21["normal"], np.zeros(8)], axis=1)
    assert_allclose(losses, [loss_maths.batch_loss(CrossEntropy(), logits, np.zeros(8, int))[0]], rtol=1e-9)
    statistics = it.state().statistics
    assert_allclose(statistics["bn.running_mean"], [golden.G21["mean"], 0], atol=1e-12)
    assert_allclose(statistics["bn.running_variance"], [golden.G21["deviation"] ** 2, 0], rtol=1e-9, atol=1e-9)
    assert_allclose(it.predict(x)[:, 0], golden.G21["normal"], atol=1e-9)


def test_running_statistics_move_by_one_minus_momentum(backend):
    """From mean 0 and variance 1, with G21's mean 5 and biased variance 4 (unbiased it would be 32/7)."""
    x = np.array([[[[value]], [[value]]] for value in golden.G21["x"]], float)
    it = normed(backend, momentum=0.9)
    it.load(x, np.zeros(8, int))
    it.steps(np.arange(8)[None], np.array([1e-30]), {})
    assert_allclose(it.state().statistics["bn.running_mean"], [0.5, 0.5], rtol=1e-12)
    assert_allclose(it.state().statistics["bn.running_variance"], [1.3, 1.3], rtol=1e-12)
    it.steps(np.arange(8)[None], np.array([1e-30]), {})
    assert_allclose(it.state().statistics["bn.running_mean"], [0.95, 0.95], rtol=1e-12)
    assert_allclose(it.state().statistics["bn.running_variance"], [1.57, 1.57], rtol=1e-12)


def test_looking_takes_the_running_statistics_and_leaves_them(backend):
    it = normed(backend, epsilon=1e-5)
    running = {"bn.running_mean": np.array([3.0, 0.0]), "bn.running_variance": np.array([4.0, 1.0])}
    it.restore(State(it.state().weights, statistics=running))
    x = np.array([[[[7.0]], [[2.0]]], [[[-1.0]], [[0.0]]]])
    expected = (np.array([[7.0, 2.0], [-1.0, 0.0]]) - [3, 0]) / np.sqrt(np.array([4, 1]) + 1e-5)
    for _ in range(2):
        assert_allclose(it.predict(x), expected, rtol=1e-12)
        assert_allclose(it.activations(x)["bn"], expected, rtol=1e-12)
        back = it.gradients(x, np.ones((2, 2)))
        assert_allclose(back.input[:, :, 0, 0], np.ones((2, 2)) / np.sqrt(np.array([4, 1]) + 1e-5), rtol=1e-12)
        assert_same(it.state().statistics, running)


def test_a_batch_of_one_list_is_its_beta(backend):
    it = normed(backend, momentum=0.5)
    it.load(np.array([[[[7.0]], [[2.0]]]]), np.zeros(1, int))
    assert_allclose(it.steps(np.array([[0]]), np.array([1e-30]), {}), [np.log(2)], rtol=1e-12)
    assert_allclose(it.state().statistics["bn.running_variance"], [0.5, 0.5], rtol=1e-12)


@pytest.mark.parametrize(
    "optimizer", [AdamW(learning_rate=0.01, weight_decay=0.5), SGD(learning_rate=0.1)], ids=lambda o: o.kind
)
def test_decay_and_penalties_leave_gamma_and_beta_alone(backend, optimizer):
    """With an image of weight 0, only weight decay and penalties could change them."""
    heavy = Penalty(l2=0.5, l1=0.5)
    subject = network(Flatten(), Dense(units=2), BatchNorm(name="bn"), shape=(1, 1, 1))
    penalties = Penalties(conv=heavy, dense=heavy, output=heavy)
    it = model(backend, subject, None, optimizer, penalties=penalties)
    before = it.state().weights
    it.load(np.zeros((1, 1, 1, 1)), np.array([0]), np.array([0.0]))
    it.steps(np.array([[0]]), np.array([0.1]), {})
    after = it.state().weights
    assert not np.array_equal(after["dense1.weights"], before["dense1.weights"])
    for name in ("bn.gamma", "bn.beta", "dense1.biases"):
        assert_array_equal(after[name], before[name])


def test_a_map_that_does_not_see_another_does_not_feel_it(backend):
    """Filters 1-4 of 12 see channels 1-8 of 12, and so on in blocks of four."""
    subject = network(conv(12, 1, inputs_per_filter=8, bias="none"), Flatten(), shape=(12, 1, 1))
    it = model(backend, subject, {"conv1.weights": np.ones((12, 8, 1, 1))})
    result = it.predict(np.eye(12)[:, :, None, None])  # row: the channel that is 1
    blocks = np.kron([[1, 0, 1], [1, 1, 0], [0, 1, 1]], np.ones((4, 4)))
    assert_array_equal(result, blocks)


def test_the_padding_holds_its_value(backend):
    layer = conv(1, 3, padding=1, pad_value=-1)
    assert_array_equal(maps_of(backend, layer, [[2.0]], kernels=one(np.ones((3, 3)))), [[[-6]]])
