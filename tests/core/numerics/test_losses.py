"""The losses: numbers worked out by hand, slopes against finite differences, and what outputs mean under each."""

import json

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from numpy.testing import assert_allclose

from backends.contract.recipes import LOSSES, each_loss
from core.experiment.experiment import ExperimentError, from_json
from core.metrics.baselines import uniform_loss
from core.metrics.evaluation import Evaluation
from core.numerics import losses
from core.recipe.losses import (
    BinaryCrossEntropy,
    CrossEntropy,
    Focal,
    LogitAdjusted,
    NegativeLogLikelihood,
    SquaredError,
)
from tests.support.small import small_experiment


LOGITS, LABEL = np.array([[np.log(0.5), np.log(0.3), np.log(0.2)]]), np.array([1])


def value(loss, outputs=LOGITS, labels=LABEL, **options) -> float:
    return losses.batch_loss(loss, np.array(outputs, float), np.array(labels), **options)[0]


def test_each_loss_has_the_value_worked_out_by_hand():
    """Softmax of the logits is 0.5, 0.3, 0.2; the truth is the class of 0.3."""
    assert_allclose(value(CrossEntropy()), -np.log(0.3))
    smooth = -(0.93 * np.log(0.3) + 0.07 / 2 * (np.log(0.5) + np.log(0.2)))
    assert_allclose(value(CrossEntropy(label_smoothing=0.105)), smooth)
    assert_allclose(value(Focal(gamma=2)), -(0.7**2) * np.log(0.3))
    prior = np.log([0.6, 0.1, 0.3])
    adjusted = -np.log(0.3 * 0.1 / (0.5 * 0.6 + 0.3 * 0.1 + 0.2 * 0.3))
    assert_allclose(value(LogitAdjusted(tau=1), offsets=prior), adjusted)
    assert_allclose(value(BinaryCrossEntropy(), [[0.0, 0.0, 0.0]]), np.log(2))
    assert_allclose(value(BinaryCrossEntropy(), [[np.log(3), 0.0]]), (-np.log(1 / 4) - np.log(1 / 2)) / 2)
    assert_allclose(value(SquaredError(), [[0.5, 0.5, -1]]), (1.5**2 + 0.5**2 + 0) / 3)
    assert_allclose(value(SquaredError(classes="half sum"), [[0.5, 0.5, -1]]), (1.5**2 + 0.5**2 + 0) / 2)
    assert_allclose(value(SquaredError(targets="one-hot"), [[0.5, 0.5, -1]]), (0.5**2 + 0.5**2 + 1) / 3)


def test_priors_are_shares_of_the_training_labels_times_tau():
    labels = np.repeat([0, 1, 2], [6, 1, 3])
    assert_allclose(losses.prior_offsets(LogitAdjusted(tau=2), labels, 3), 2 * np.log([0.6, 0.1, 0.3]))
    assert_allclose(losses.prior_offsets(LogitAdjusted(), np.array([0, 0, 0]), 2), np.log([3 / 4, 1 / 4]))
    assert not losses.prior_offsets(CrossEntropy(), labels, 3).any()


@each_loss
@settings(max_examples=15)
@given(seed=st.integers(0, 10**6))
def test_the_slope_of_every_loss_agrees_with_finite_differences(loss, seed):
    rng = np.random.default_rng(seed)
    outputs, labels, weight = rng.normal(size=(4, 3)), rng.integers(0, 3, 4), rng.uniform(0, 2, 4)
    offsets = losses.prior_offsets(loss, labels, 3)
    _, slopes = losses.batch_loss(loss, outputs, labels, weight, offsets)
    step = rng.normal(size=(4, 3))
    up, down = (losses.batch_loss(loss, outputs + h * step, labels, weight, offsets)[0] for h in (1e-5, -1e-5))
    assert_allclose(np.vdot(slopes, step), (up - down) / 2e-5, rtol=1e-6, atol=1e-9)


@each_loss
def test_weight_two_counts_twice_and_the_sum_is_the_mean_times_the_batch(loss):
    rng = np.random.default_rng(3)
    outputs, labels = rng.normal(size=(4, 3)), np.array([0, 2, 1, 1])
    twice = value(loss, outputs[[0, 1, 1, 2]], labels[[0, 1, 1, 2]])
    assert_allclose(value(loss, outputs, labels, weight=np.array([1, 2, 1, 0.0])), twice)
    summed = loss.model_copy(update={"reduction": "sum"})
    mean = loss.model_copy(update={"reduction": "mean"})
    assert_allclose(value(summed, outputs, labels), 4 * value(mean, outputs, labels))


@each_loss
def test_gradients_stay_in_the_outputs_precision(loss):
    outputs = np.zeros((2, 3), np.float32)
    _, slopes = losses.batch_loss(loss, outputs, np.array([0, 1]), np.ones(2, np.float32))
    assert slopes.dtype == np.float32


def test_focal_loss_without_focus_is_cross_entropy_and_knows_less_of_what_is_known():
    sure, unsure = [[4.0, 0, 0]], [[0.0, 0, 0]]
    assert_allclose(value(Focal(gamma=0), sure, [0]), value(CrossEntropy(), sure, [0]))
    ratios = [value(Focal(gamma=2), it, [0]) / value(CrossEntropy(), it, [0]) for it in (sure, unsure)]
    assert ratios[0] < 0.01 < ratios[1]


# --- what is told of a part


def test_what_is_told_leaves_out_focus_smoothing_and_priors():
    for loss in (CrossEntropy(label_smoothing=0.2), Focal(), LogitAdjusted(), CrossEntropy(reduction="sum")):
        assert_allclose(losses.reported_losses(loss, LOGITS, LABEL), [-np.log(0.3)])
    assert_allclose(losses.reported_losses(SquaredError(reduction="sum"), LOGITS * 0, LABEL), [1])


@each_loss
@given(seed=st.integers(0, 10**6))
def test_probabilities_add_up_to_one_and_the_largest_output_has_the_largest(loss, seed):
    outputs = np.random.default_rng(seed).normal(0, 2, (5, 4))
    result = losses.probabilities(loss, outputs)
    assert_allclose(result.sum(axis=1), 1)
    assert np.all((result >= 0) & (result <= 1))
    assert_allclose(result[np.arange(5), outputs.argmax(axis=1)], result.max(axis=1))


def test_probabilities_are_what_the_best_outputs_stand_for():
    """Under squared error the best output is the mean target: 2 p - 1, or p."""
    p = np.array([[0.5, 0.3, 0.2]])
    assert_allclose(losses.probabilities(SquaredError(), 2 * p - 1), p)
    assert_allclose(losses.probabilities(SquaredError(targets="one-hot"), p), p)
    assert_allclose(losses.probabilities(BinaryCrossEntropy(), np.log(p / (1 - p))), p)
    assert_allclose(losses.probabilities(Focal(), np.log(p)), p)
    assert_allclose(losses.probabilities(SquaredError(), np.full((1, 4), -3.0)), np.full((1, 4), 1 / 4))


@each_loss
def test_the_uniform_guess_says_the_same_of_every_class(loss):
    outputs = losses.uniform_outputs(loss, 5)
    assert_allclose(losses.probabilities(loss, outputs), np.full((1, 5), 1 / 5))
    assert_allclose(uniform_loss(5, loss), losses.reported_losses(loss, outputs, np.array([2]))[0])
    assert_allclose(uniform_loss(10, CrossEntropy()), np.log(10))


def test_a_judgement_reads_outputs_by_their_loss():
    outputs, labels = np.array([[0.9, -0.8, -1.0]]), np.array([0])
    squares = Evaluation(outputs, labels, SquaredError())
    assert_allclose(squares.probabilities, np.array([[0.95, 0.1, 0.0]]) / 1.05)
    assert_allclose(squares.losses, [(0.1**2 + 0.2**2) / 3])
    assert Evaluation(outputs, labels).losses[0] == pytest.approx(losses.cross_entropies(outputs, labels)[0])


# --- which ends a network may have


def ending_in(function, loss) -> str:
    """The experiment as JSON, with an activation after its last layer."""
    document = small_experiment().model_dump(mode="json")
    document["training"]["loss"] = loss.model_dump(mode="json")
    document["network"]["layers"].append({"kind": "activation", "function": function})
    return json.dumps(document)


@pytest.mark.parametrize(
    "function, loss, words",
    [
        *[("softmax", loss, "softmax .*apply it twice") for loss in (CrossEntropy(), Focal(), LogitAdjusted())],
        ("sigmoid", BinaryCrossEntropy(), "sigmoid .*apply it twice"),
        ("softmax", BinaryCrossEntropy(), "sigmoid of probabilities is not a probability"),
    ],
)
def test_a_network_must_not_end_in_what_its_loss_applies(function, loss, words):
    with pytest.raises(ExperimentError, match=f"layer 'act2'.*{words}"):
        from_json(ending_in(function, loss))


def test_negative_log_likelihood_wants_a_softmax_layer_and_nothing_else():
    assert from_json(ending_in("softmax", NegativeLogLikelihood())).training.loss == NegativeLogLikelihood()
    for function in ("tanh", "sigmoid", "linear"):
        with pytest.raises(ExperimentError, match=r"layer 'act2'.*does not end in softmax"):
            from_json(ending_in(function, NegativeLogLikelihood()))


def test_negative_log_likelihood_of_softmax_is_cross_entropy_in_value_and_slope():
    logits, labels = np.random.default_rng(1).normal(size=(5, 4)), np.array([0, 3, 1, 1, 2])
    p = losses.softmax(logits)
    values, slopes = losses.per_sample_loss(NegativeLogLikelihood(), p, labels)
    expected, through = losses.per_sample_loss(CrossEntropy(), logits, labels)
    assert_allclose(values, expected, rtol=1e-12)
    assert_allclose(p * (slopes - np.sum(slopes * p, axis=1, keepdims=True)), through, rtol=1e-12, atol=1e-15)
    assert_allclose(losses.reported_losses(NegativeLogLikelihood(), p, labels), expected, rtol=1e-12)
    assert_allclose(losses.probabilities(NegativeLogLikelihood(), p), p, rtol=1e-12)
    assert_allclose(uniform_loss(5, NegativeLogLikelihood()), np.log(5))


@pytest.mark.parametrize("precision", [np.float32, np.float64])
def test_a_probability_of_zero_has_a_large_loss_and_no_slope(precision):
    p = np.array([[1.0, 0.0]], precision)
    values, slopes = losses.per_sample_loss(NegativeLogLikelihood(), p, np.array([1]))
    assert_allclose(values, [-np.log(losses.LEAST)], rtol=1e-6)
    assert not slopes.any()
    assert slopes.dtype == values.dtype == precision


@pytest.mark.parametrize("function", ["tanh", "sigmoid", "softmax", "linear"])
def test_squared_error_takes_outputs_as_they_are(function):
    assert from_json(ending_in(function, SquaredError())).training.loss == SquaredError()


def test_every_kind_of_loss_is_in_the_tests():
    """The last one takes no logits: it has tests of its own."""
    assert {loss.kind for loss in LOSSES.values()} | {NegativeLogLikelihood().kind} == {
        "cross_entropy",
        "focal",
        "logit_adjusted",
        "binary_cross_entropy",
        "squared_error",
        "negative_log_likelihood",
    }
