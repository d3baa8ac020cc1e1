"""The randomisation check and the agreement of two maps, by hand and with weights that do not matter."""

import numpy as np
import pytest

from core.explain.agreement import agreement, correlation, rank_correlation
from core.explain.randomization import cascade, randomised, verdict
from core.network.layers import Activation, BatchNorm, Conv2D, Dense, Flatten, Pool
from core.network.network import Network


NETWORK = Network(
    input_shape=(1, 6, 6),
    layers=[
        Conv2D(filters=2, kernel_size=3),
        BatchNorm(),
        Activation(function="relu"),
        Pool(),
        Flatten(),
        Dense(units=2),
    ],
)
WEIGHTS = {
    "conv1.weights": np.arange(18.0).reshape(2, 1, 3, 3),
    "norm1.gamma": np.ones(2),
    "dense1.weights": np.linspace(-1, 1, 16).reshape(2, 8),
    "dense1.biases": np.zeros(2),
}


def test_the_cascade_goes_from_the_output_to_the_input():
    assert cascade(NETWORK) == ["dense1", "norm1", "conv1"]


def test_each_time_one_more_layer_is_random_and_the_trained_weights_stay():
    stages = list(randomised(NETWORK, WEIGHTS))
    changed = [[name for name in WEIGHTS if not np.array_equal(stage[name], WEIGHTS[name])] for stage in stages]
    assert changed == [["dense1.weights"], ["dense1.weights"], ["conv1.weights", "dense1.weights"]], "equal values stay"
    assert np.array_equal(stages[0]["dense1.weights"], stages[2]["dense1.weights"])
    assert stages[0]["dense1.weights"].std() == pytest.approx(WEIGHTS["dense1.weights"].std(), rel=0.5)


@pytest.mark.parametrize(
    "last, word", [(0.05, "passed"), (-0.1, "passed"), (0.3, "partly"), (0.6, "failed"), (-0.9, "failed")]
)
def test_the_verdict_reads_the_map_of_the_random_network(last, word):
    assert verdict(np.array([1, 0.9, last])) == word


def test_a_constant_map_has_no_verdict():
    assert verdict(np.array([1, np.nan])) == "undefined"


def test_ranks_ignore_how_far_apart_values_are():
    first = np.array([[1.0, 2.0], [3.0, 4.0]])
    assert rank_correlation(first, np.exp(5 * first)) == pytest.approx(1)
    assert rank_correlation(first, -(first**3)) == pytest.approx(-1)
    assert correlation(first, np.exp(5 * first)) < 0.9


def test_equal_values_share_their_rank():
    """Ranks 1.5, 1.5, 3 and 1, 2, 3: r = 1.5 / sqrt(1.5 * 2)."""
    result = rank_correlation(np.array([7.0, 7.0, 9.0]), np.array([1.0, 2.0, 3.0]))
    assert result == pytest.approx(1.5 / np.sqrt(1.5 * 2))


def test_agreement_is_relative_to_the_largest_value():
    result = agreement(np.array([[-4.0, 1.0], [0, 2]]), np.array([[-4.0, 1.0], [0, 3]]))
    assert result.largest == 0.25
    assert result.correlation == pytest.approx(correlation(np.array([-4.0, 1, 0, 2]), np.array([-4.0, 1, 0, 3])))
    assert agreement(np.ones((2, 2)), np.ones((2, 2))).correlation == 1
    assert np.isnan(agreement(np.ones((2, 2)), np.eye(2)).correlation)
