"""The optimizers: the steps worked out by hand, and what holds for each."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from backends.contract import golden
from core.numerics import optimizers
from core.recipe.optimizers import SGD, Adadelta, Adagrad, Adam, AdamW, Momentum, Nesterov, RMSProp


def walk(optimizer, gradients, rates, start):
    weights = {"w": np.array([start])}
    slots, path = optimizers.empty_slots(optimizer, weights), []
    for count, (g, rate) in enumerate(zip(gradients, rates, strict=True), start=1):
        weights, slots = optimizers.step(optimizer, weights, {"w": np.array([g], float)}, slots, count, rate)
        path.append(weights["w"].item())
    return path


BY_HAND = [
    SGD(learning_rate=0.1),
    Momentum(learning_rate=0.1, momentum=0.9),
    Nesterov(learning_rate=0.1, momentum=0.9),
    Adagrad(learning_rate=0.1, epsilon=1e-8),
    Adadelta(learning_rate=1, rho=0.9, epsilon=1e-6),
    RMSProp(learning_rate=0.1, rho=0.9, epsilon=1e-8),
    Adam(learning_rate=0.1, epsilon=1e-8),
    AdamW(learning_rate=0.1, epsilon=1e-8, weight_decay=0.1),
]
each_optimizer = pytest.mark.parametrize("optimizer", BY_HAND, ids=lambda o: o.kind)


@each_optimizer
def test_an_optimizer_makes_the_steps_worked_out_by_hand(optimizer):
    g = golden.G19
    path = walk(optimizer, g["gradients"], [optimizer.learning_rate] * 3, g["start"])
    assert_allclose(path, g[optimizer.kind], atol=6e-7)


@pytest.mark.parametrize("optimizer", [Momentum(momentum=0.9), Nesterov(momentum=0.9)], ids=lambda o: o.kind)
def test_momentum_keeps_its_speed_when_the_rate_falls(optimizer):
    g = golden.G19_RATE_CHANGE
    path = walk(optimizer, g["gradients"], g["rates"], g["start"])
    assert_allclose(path[-1], g[optimizer.kind], rtol=1e-12)


def test_decay_shrinks_weights_and_leaves_biases():
    weights = {"dense1.weights": np.array([2.0]), "dense1.biases": np.array([2.0])}
    still, optimizer = {name: np.zeros(1) for name in weights}, AdamW(weight_decay=0.5)
    new, _ = optimizers.step(optimizer, weights, still, optimizers.empty_slots(optimizer, weights), 1, 0.1)
    assert_allclose([new["dense1.weights"], new["dense1.biases"]], [[1.9], [2.0]], rtol=1e-15)


@each_optimizer
def test_a_step_changes_neither_what_it_was_given_nor_the_precision(optimizer):
    weights = {"w": np.ones(3, np.float32)}
    slots = optimizers.empty_slots(optimizer, weights)
    new, new_slots = optimizers.step(optimizer, weights, {"w": np.ones(3, np.float32)}, slots, 1, np.float64(0.1))
    assert_array_equal(weights["w"], 1)
    assert not any(slot.any() for slot in slots.values())
    assert {a.dtype for a in (*new.values(), *new_slots.values())} == {np.dtype("float32")}


def test_slots_are_named_after_what_they_are_and_whose():
    weights = {"conv1.weights": np.ones(2)}
    assert set(optimizers.empty_slots(SGD(), weights)) == set()
    assert set(optimizers.empty_slots(Momentum(), weights)) == {"velocity/conv1.weights"}
    assert set(optimizers.empty_slots(Adam(), weights)) == {"first_moment/conv1.weights", "second_moment/conv1.weights"}
