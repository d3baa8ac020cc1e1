"""The contract, for training: optimizers, schedules, penalties and dropout make the steps worked out by hand."""

from typing import get_args

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from backends.contract import golden
from backends.contract.comparing import assert_agree, by_name
from backends.contract.experiments import digits_experiment
from backends.contract.models import images, model, one, reference, weights_for
from backends.contract.networks import NETWORKS, act, conv, network
from backends.contract.recipes import OPTIMIZERS, PENALTIES
from backends.contract.training import BATCH, ROWS, SMALL_CNN, fifty_steps_agree, go_on, ready, training_set
from core.data import catalogue
from core.data.prepared import prepare
from core.network.initial_weights import initial_weights
from core.network.layers import (
    BatchNorm,
    Dense,
    Dropout,
    Flatten,
)
from core.numerics import dropout, losses as loss_maths
from core.random import generator
from core.recipe.losses import CrossEntropy, SquaredError
from core.recipe.optimizers import SGD, Adadelta, Adagrad, Adam, AdamW, Momentum, Nesterov, RMSProp
from core.recipe.penalties import Penalties, Penalty
from core.recipe.schedules import (
    ConstantSchedule,
    CosineSchedule,
    ExponentialSchedule,
    InverseTimeSchedule,
    ReduceOnPlateau,
    RisingSchedule,
    Schedule,
    StepSchedule,
    rate as rate_of,
)
from core.training import loop, reduce_on_plateau


@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS)
@pytest.mark.parametrize("precision, steps, first, all_", [("float32", 20, 1e-6, 1e-4), ("float64", 100, 1e-12, 1e-8)])
def test_training_agrees_with_the_reference(backend, optimizer, precision, steps, first, all_):
    ours, theirs = ready(reference(), optimizer, precision), ready(backend, optimizer, precision)
    expected, result = (go_on(it, 0, steps, optimizer.learning_rate) for it in (ours, theirs))
    assert np.mean(expected[-5:]) < np.mean(expected[:5])  # something is learnt
    assert_allclose(result[0], expected[0], rtol=first)
    assert_allclose(result, expected, rtol=all_)
    assert_agree(theirs.state().weights, ours.state().weights, within=10 * all_)
    assert_agree(by_name(theirs.state().slots), by_name(ours.state().slots), within=10 * all_)
    assert theirs.state().step == ours.state().step == steps


def test_the_loss_is_the_mean_over_the_batch(backend):
    subject, (x, y) = model(backend, NETWORKS["max"]), training_set()
    before = subject.state().weights["dense1.biases"]
    expected, dlogits = loss_maths.batch_loss(CrossEntropy(), subject.predict(x), y)
    subject.load(x, y)
    losses = subject.steps(np.arange(ROWS)[None], np.array([0.1]), {})
    assert_allclose(losses, [expected], rtol=1e-12)
    after = subject.state().weights["dense1.biases"]
    assert_allclose(after, before - 0.1 * dlogits.sum(axis=0), rtol=1e-12)


def test_an_image_of_weight_two_counts_twice_and_of_weight_zero_not_at_all(backend):
    plain = network(Flatten(), Dense(units=3), shape=(1, 1, 2))
    x, y = images(4, plain.input_shape), np.array([0, 2, 1, 1])
    weighted, repeated = (model(backend, plain) for _ in range(2))
    weighted.load(x, y, np.array([1.0, 2.0, 1.0, 0.0]))
    repeated.load(x, y)
    rate = np.array([0.5])
    loss = weighted.steps(np.array([[0, 1, 2, 3]]), rate, {}), repeated.steps(np.array([[0, 1, 1, 2]]), rate, {})
    assert_allclose(*loss, rtol=1e-14)
    assert_agree(weighted.state().weights, repeated.state().weights, within=1e-14)


def walk(backend, optimizer, gradients, rates, start):
    """The path of one weight whose loss has the given gradients, one per step, each with its learning rate.

    The weight is the bias of class 0, in a batch of one image of zeros. Its gradient is softmax(b)[0] - 1 (label 0) or
    softmax(b)[0] (label 1), times the weight of the image, which is chosen so that the product is the given gradient.
    """
    subject = network(Flatten(), Dense(units=2), shape=(1, 1, 1))
    weights = {"dense1.weights": np.zeros((2, 1)), "dense1.biases": np.array([start, 0.0])}
    walker, path = model(backend, subject, weights, optimizer), []
    for g, rate in zip(gradients, rates, strict=True):
        b = walker.state().weights["dense1.biases"]
        share = 1 / (1 + np.exp(b[1] - b[0]))
        label, slope = (1, share) if g > 0 else (0, share - 1)
        walker.load(np.zeros((1, 1, 1, 1)), np.array([label]), np.array([g / slope]))
        walker.steps(np.array([[0]]), np.array([rate]), {})
        path.append(walker.state().weights["dense1.biases"][0])
    return path


BY_HAND = [
    SGD(learning_rate=0.1),
    Momentum(learning_rate=0.1, momentum=0.9),
    Nesterov(learning_rate=0.1, momentum=0.9),
    Adagrad(learning_rate=0.1, epsilon=1e-8),
    Adadelta(learning_rate=1, rho=0.9, epsilon=1e-6),
    RMSProp(learning_rate=0.1, rho=0.9, epsilon=1e-8),
    Adam(learning_rate=0.1, epsilon=1e-8),
]


@pytest.mark.parametrize("optimizer", BY_HAND, ids=lambda o: o.kind)
def test_an_optimizer_makes_the_steps_worked_out_by_hand(backend, optimizer):
    g = golden.G19
    path = walk(backend, optimizer, g["gradients"], [optimizer.learning_rate] * 3, g["start"])
    assert_allclose(path, g[optimizer.kind], atol=6e-7)


@pytest.mark.parametrize("optimizer", [Momentum(momentum=0.9), Nesterov(momentum=0.9)], ids=lambda o: o.kind)
def test_momentum_keeps_its_speed_when_the_rate_falls(backend, optimizer):
    g = golden.G19_RATE_CHANGE
    path = walk(backend, optimizer, g["gradients"], g["rates"], g["start"])
    assert_allclose(path[-1], g[optimizer.kind], atol=1e-9)


def test_decay_shrinks_weights_and_leaves_biases(backend):
    """With an image of zeros the weights have no gradient, so only decay moves them; the biases make Adam's steps."""
    subject = network(Flatten(), Dense(units=2), shape=(1, 1, 1))
    weights = {"dense1.weights": np.array([[2.0], [-1.0]]), "dense1.biases": np.array([0.3, 0.0])}
    results = []
    for optimizer in (AdamW(weight_decay=0.5), Adam()):
        results.append(model(backend, subject, weights, optimizer))
        results[-1].load(np.zeros((1, 1, 1, 1)), np.array([0]))
        results[-1].steps(np.zeros((2, 1), int), np.array([0.1, 0.2]), {})
    ours, plain = (it.state().weights for it in results)
    assert_allclose(ours["dense1.weights"], np.array([[2.0], [-1.0]]) * 0.95 * 0.9, rtol=1e-14)
    assert_allclose(ours["dense1.biases"], plain["dense1.biases"], rtol=1e-14)


SCHEDULES = {
    "constant": (ConstantSchedule(), 0),
    "warm-up": (ConstantSchedule(), 20),
    "stairs": (StepSchedule(every=7, factor=0.6), 0),
    "exponential": (ExponentialSchedule(every=10, factor=0.5), 0),
    "one over time": (InverseTimeSchedule(half_after=10), 5),
    "cosine": (CosineSchedule(lowest=0.05), 5),
    "rising": (RisingSchedule(times=5), 5),
}


def test_every_schedule_is_tried():
    """The plateau has a separate test, since it needs validation losses."""
    [kinds, _] = get_args(Schedule)
    assert {*get_args(kinds)} == {type(schedule) for schedule, _ in SCHEDULES.values()} | {ReduceOnPlateau}


def test_fifty_steps_on_a_plateau_agree_with_the_reference(backend):
    """25 epochs of two steps; the learning rates depend on each backend's own validation losses."""
    schedule = ReduceOnPlateau(patience=1, factor=0.7)
    recipe = {"schedule": schedule, "warmup_steps": 5, "optimizer": Momentum(learning_rate=0.05)}
    it = digits_experiment(epochs=25, batch_size=32, train=60, normalised=True, **recipe)
    data = prepare(catalogue.load(it.data.name), it.data, it.seed, np.float64)
    losses, states, validation_losses = [], [], ([], [])
    for its, seen in zip((reference(), backend), validation_losses, strict=True):
        weights = initial_weights(it.network, it.seed, np.float64)
        subject = its.build(it.network, weights, it.training)
        reports = list(loop.train(subject, data, it, validation_losses=seen))
        losses.append(np.concatenate([one.losses for one in reports if isinstance(one, loop.StepsMade)]))
        states.append(subject.state())
    assert len(losses[0]) == 50
    assert reduce_on_plateau.shares(schedule, validation_losses[0])[-2] < 0.5
    assert_allclose(losses[1], losses[0], rtol=1e-9)
    assert_allclose(validation_losses[1], validation_losses[0], rtol=1e-9)
    assert_agree(states[1].weights, states[0].weights, within=1e-9)
    assert_agree(states[1].statistics, states[0].statistics, within=1e-9)


@pytest.mark.parametrize("schedule, warmup_steps", SCHEDULES.values(), ids=SCHEDULES)
def test_fifty_steps_of_every_schedule_agree_with_the_reference(backend, schedule, warmup_steps):
    rates = rate_of(schedule, 0.1, np.arange(1, 51), 50, warmup_steps)
    optimizer = Momentum(learning_rate=0.1)
    fifty_steps_agree(backend, lambda its: ready(its, optimizer, schedule=schedule, warmup_steps=warmup_steps), rates)


@pytest.mark.parametrize("penalties", PENALTIES.values(), ids=PENALTIES)
@pytest.mark.parametrize("optimizer", [SGD(learning_rate=0.1), Adam(learning_rate=0.01)], ids=lambda o: o.kind)
def test_fifty_steps_with_penalties_agree_with_the_reference(backend, penalties, optimizer):
    rates = np.full(50, optimizer.learning_rate)
    made = lambda its: ready(its, optimizer, penalties=penalties, batch_size=BATCH)
    fifty_steps_agree(backend, made, rates)


@pytest.mark.parametrize("optimizer", OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_fifty_steps_of_every_optimizer_agree_with_the_reference(backend, optimizer):
    fifty_steps_agree(backend, lambda its: ready(its, optimizer), np.full(50, optimizer.learning_rate))


@pytest.mark.parametrize("layers", [(Flatten(), Dense(units=6)), (conv(6, (7, 6)),)], ids=["dense", "maps"])
def test_a_batch_of_one_behind_batch_norm_agrees_with_the_reference(backend, layers):
    """Its variance is 0, so the output is exactly beta: a rounding error would fall on either side of the ReLU."""
    subject = network(*layers, BatchNorm(name="norm"), act("relu"), Flatten(), Dense(units=3))
    weights = weights_for(subject) | {"norm.beta": np.zeros(6)}
    models = [model(it, subject, weights) for it in (reference(), backend)]
    for it in models:
        it.load(*training_set())
    losses = [it.steps(np.arange(8)[:, None], np.full(8, 0.1), {}) for it in models]
    assert_allclose(losses[1], losses[0], rtol=1e-12)


def block_networks():
    return {name: NETWORKS[name] for name in NETWORKS if name.startswith(("residual", "branches", "blocks"))}


@pytest.mark.parametrize("subject", block_networks().values(), ids=block_networks())
def test_fifty_steps_of_networks_with_blocks_agree_with_the_reference(backend, subject):
    """With dropout in the branches, and penalties for every group."""
    penalties = PENALTIES["l2 by group"]
    optimizer = Momentum(learning_rate=0.02)
    subject = network(*subject.layers, Dense(units=3))
    made = lambda its: ready(its, optimizer, subject=subject, penalties=penalties)
    fifty_steps_agree(backend, made, np.full(50, optimizer.learning_rate), subject)


def penalised(backend, penalties, W1=golden.G20["W1"], W2=golden.G20["W2"]):
    """Two dense layers and one image of weight 0: the loss consists of the penalties alone."""
    subject = network(Flatten(), Dense(units=2), Dense(units=1), shape=(1, 1, 1))
    weights = {"dense1.weights": np.array([W1], float).T, "dense1.biases": np.array([5.0, -7.0])}
    weights |= {"dense2.weights": np.array([W2], float), "dense2.biases": np.array([9.0])}
    result = model(backend, subject, weights, SGD(), penalties=penalties)
    result.load(np.zeros((1, 1, 1, 1)), np.array([0]), np.array([0.0]))
    return result


@pytest.mark.parametrize(
    "of_dense, of_output, expected",
    [
        (Penalty(l2=0.1), Penalty(l2=0.1), golden.G20["one_group"]),
        (Penalty(l2=0.1), Penalty(l2=0.01), golden.G20["two_groups"]),
        (Penalty(l1=0.1), Penalty(l1=0.1), golden.G20["sizes"]),
    ],
    ids=["one group", "two groups", "l1"],
)
def test_a_penalty_is_in_the_loss_and_pulls_as_worked_out_by_hand(backend, of_dense, of_output, expected):
    """With learning rate 1, a step subtracts the gradient itself from the weight: l2 * w + l1 * sign(w)."""
    result = penalised(backend, Penalties(conv=Penalty(l2=100), dense=of_dense, output=of_output))
    before = result.state().weights
    losses = result.steps(np.array([[0]]), np.array([1.0]), {})
    assert_allclose(losses, [expected], rtol=1e-14)
    after = result.state().weights
    for name, of in (("dense1", of_dense), ("dense2", of_output)):
        w = before[f"{name}.weights"]
        assert_allclose(after[f"{name}.weights"], w - (of.l2 * w + of.l1 * np.sign(w)), rtol=1e-14)
        assert_array_equal(after[f"{name}.biases"], before[f"{name}.biases"])


def test_network3s_l2_is_divided_by_the_number_of_batches(backend):
    """lambda = 0.1 over 5,000 batches: each step shrinks the weight by learning rate * 2e-5 of itself, and by more if
    there are fewer batches."""
    subject = network(Flatten(), Dense(units=2), Dense(units=1), shape=(1, 1, 1))
    weights = {"dense1.weights": np.array([[1.0], [-2.0]]), "dense1.biases": np.zeros(2)}
    weights |= {"dense2.weights": np.array([[0.5, 3.0]]), "dense2.biases": np.zeros(1)}
    recipe = {"penalties": Penalties(dense=Penalty(l2=0.1, l1=0.2), over_batches=True), "batch_size": 10}
    result, w = model(backend, subject, weights, SGD(), **recipe), weights["dense1.weights"]
    for rows, batches in ((50_009, 5000), (40, 4)):
        result.load(np.zeros((rows, 1, 1, 1)), np.zeros(rows, int), np.zeros(rows))
        cost = (0.1 / 2 * np.sum(w * w) + 0.2 * np.sum(np.abs(w))) / batches
        assert_allclose(result.steps(np.array([[0]]), np.array([1.0]), {}), [cost], rtol=1e-13)
        w = w - (0.1 * w + 0.2 * np.sign(w)) / batches
        assert_allclose(result.state().weights["dense1.weights"], w, rtol=1e-13)


def test_classic_dropout_scales_when_it_is_off_and_only_masks_when_it_is_on(backend):
    subject = network(Dropout(rate=0.25, mode="classic"), Flatten(), Dense(units=2), shape=(1, 1, 2))
    weights = {"dense1.weights": np.array([[1.0, 0.0], [0.0, 1.0]]), "dense1.biases": np.zeros(2)}
    result = model(backend, subject, weights, loss=SquaredError(targets="one-hot", classes="half sum"))
    x = np.array([[[[4.0, 8.0]]]])
    assert_allclose(result.predict(x), [[3, 6]], rtol=1e-14)
    assert_allclose(result.activations(x)["dropout1"].ravel(), [3, 6], rtol=1e-14)
    assert_allclose(result.gradients(x, np.ones((1, 2))).input.ravel(), [0.75, 0.75], rtol=1e-14)
    result.load(x, np.array([0]))
    masks = {"dropout1": np.array([True, False]).reshape(1, 1, 1, 1, 2)}
    assert_allclose(result.steps(np.array([[0]]), np.array([1.0]), masks), [(4 - 1) ** 2 / 2], rtol=1e-14)


def test_fifty_steps_with_classic_dropout_on_the_input_agree_with_the_reference(backend):
    layers = [Dropout(rate=0.2, mode="classic"), *(it for it in SMALL_CNN.layers if not isinstance(it, Dropout))]
    subject, (x, y) = network(*layers), training_set()
    results = []
    for its in (reference(), backend):
        results.append(model(its, subject, optimizer=Adam(learning_rate=0.01)))
        results[-1].load(x, y)
        for step in range(1, 51):
            rows = generator(9, "order", step).permutation(ROWS)[:BATCH]
            masks = {name: mask[None] for name, mask in dropout.masks(subject, 9, step, BATCH).items()}
            assert set(masks) == {"dropout1"}
            assert masks["dropout1"].shape == (1, BATCH, *subject.input_shape)
            results[-1].steps(rows[None], np.array([0.01]), masks)
    assert_agree(results[1].state().weights, results[0].state().weights, within=1e-9)


def test_convolutions_have_a_penalty_of_their_own(backend):
    subject = network(conv(1, 1), Flatten(), Dense(units=1), shape=(1, 1, 1))
    weights = {"conv1.weights": np.array(one([[2.0]])), "conv1.biases": np.array([3.0])}
    weights |= {"dense1.weights": np.array([[4.0]]), "dense1.biases": np.array([5.0])}
    result = model(backend, subject, weights, SGD(), penalties=Penalties(conv=Penalty(l2=0.5), dense=Penalty(l2=100)))
    result.load(np.zeros((1, 1, 1, 1)), np.array([0]))
    assert_allclose(result.steps(np.array([[0]]), np.array([1.0]), {}), [0.5 / 2 * 4], rtol=1e-14)
    assert_allclose(result.state().weights["conv1.weights"].ravel(), [1], rtol=1e-14)
    assert_array_equal(result.state().weights["dense1.weights"], [[4]])


def test_a_weight_of_zero_feels_no_l1(backend):
    result = penalised(backend, Penalties(dense=Penalty(l1=0.1)), W1=[0, 0])
    result.steps(np.array([[0]]), np.array([1.0]), {})
    assert_array_equal(result.state().weights["dense1.weights"], [[0], [0]])


def test_every_step_of_a_call_has_its_own_rate(backend):
    result = penalised(backend, Penalties(dense=Penalty(l2=1)))
    result.steps(np.zeros((3, 1), int), np.array([0.1, 0.2, 0.5]), {})
    assert_allclose(result.state().weights["dense1.weights"].ravel(), np.array([1, -2]) * 0.9 * 0.8 * 0.5, rtol=1e-14)


def test_a_run_that_explodes_gives_no_number_and_no_error(backend):
    subject = ready(backend, SGD())
    losses = go_on(subject, 0, 8, rate=1e200)
    assert not np.isfinite(losses[-1])
