"""The contract, for losses and image weights."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from backends.contract.models import frozen, model
from backends.contract.networks import NETWORKS, network
from backends.contract.recipes import each_loss
from backends.contract.training import ROWS, fifty_steps_agree, ready, training_set
from core.network.layers import (
    Activation,
    Dense,
    Flatten,
)
from core.numerics import losses as loss_maths
from core.random import generator
from core.recipe.losses import LogitAdjusted, NegativeLogLikelihood
from core.recipe.optimizers import SGD


@each_loss
@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
def test_fifty_steps_of_every_loss_agree_with_the_reference(backend, loss, weighted):
    weight = frozen(generator(12, "contract weight").uniform(0, 2, ROWS)) if weighted else None
    optimizer = SGD(learning_rate=0.02)
    fifty_steps_agree(backend, lambda its: ready(its, optimizer, weight=weight, loss=loss), np.full(50, 0.02))


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_fifty_steps_of_negative_log_likelihood_behind_a_softmax_layer_agree_with_the_reference(backend, reduction):
    subject = network(*NETWORKS["max"].layers, Activation(function="softmax"))
    loss = NegativeLogLikelihood(reduction=reduction)
    optimizer, (x, y) = SGD(learning_rate=0.02), training_set()

    def made(its):
        it = model(its, subject, optimizer=optimizer, loss=loss)
        it.load(x, y)
        return it

    fifty_steps_agree(backend, made, np.full(50, 0.02), subject)


def test_a_probability_that_is_zero_gives_a_number_and_no_gradient(backend):
    subject = network(Flatten(), Dense(units=2), Activation(function="softmax"), shape=(1, 1, 1))
    weights = {"dense1.weights": np.zeros((2, 1)), "dense1.biases": np.array([200.0, -200.0])}
    result = model(backend, subject, weights, precision="float32", loss=NegativeLogLikelihood())
    result.load(np.zeros((1, 1, 1, 1), np.float32), np.array([1]))
    assert_allclose(result.steps(np.array([[0]]), np.array([0.1]), {}), [-np.log(loss_maths.LEAST)], rtol=1e-6)
    assert_allclose(result.state().weights["dense1.biases"], [200, -200])


@each_loss
def test_a_loss_and_its_gradient_are_those_of_the_mathematics(backend, loss):
    """The gradient of the last biases is that of the outputs, summed over the batch."""
    rng, (x, y) = generator(13, "contract weight"), training_set()
    weight = rng.uniform(0, 2, ROWS)
    subject = model(backend, NETWORKS["max"], loss=loss)
    before = subject.state().weights["dense1.biases"]
    offsets = loss_maths.prior_offsets(loss, y, 3)
    expected, slopes = loss_maths.batch_loss(loss, subject.predict(x), y, weight, offsets)
    subject.load(x, y, weight)
    assert_allclose(subject.steps(np.arange(ROWS)[None], np.array([0.1]), {}), [expected], rtol=1e-12)
    after = subject.state().weights["dense1.biases"]
    assert_allclose(after, before - 0.1 * slopes.sum(axis=0), rtol=1e-11)


def test_priors_are_those_of_the_labels_loaded_last(backend):
    """One image of zeros, biases of zero: the loss of the rare class is -log of its prior."""
    subject = network(Flatten(), Dense(units=2), shape=(1, 1, 1))
    weights = {"dense1.weights": np.zeros((2, 1)), "dense1.biases": np.zeros(2)}
    result = model(backend, subject, weights, loss=LogitAdjusted(tau=1))
    for labels, prior in (([0, 1], 1 / 2), ([0, 0, 0, 1], 1 / 4)):
        result.load(np.zeros((len(labels), 1, 1, 1)), np.array(labels))
        assert_allclose(result.steps(np.array([[len(labels) - 1]]), np.array([1e-12]), {}), [-np.log(prior)], rtol=1e-9)


@each_loss
def test_an_image_that_is_known_for_sure_gives_a_number(backend, loss):
    """In float32 its probability is exactly 1: a power of the remaining 0 must not become inf * 0."""
    subject = network(Flatten(), Dense(units=2), shape=(1, 1, 1))
    weights = {"dense1.weights": np.zeros((2, 1)), "dense1.biases": np.array([200.0, -200.0])}
    result = model(backend, subject, weights, precision="float32", loss=loss)
    result.load(np.zeros((2, 1, 1, 1), np.float32), np.array([0, 1]))
    for image in ([0], [1]):
        assert np.isfinite(result.steps(np.array([image]), np.array([1e-3]), {})).all()
        assert all(np.isfinite(w).all() for w in result.state().weights.values())
