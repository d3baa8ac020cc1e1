"""Where weights start: the right spread, the same bits, and independent of the other layers."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from core.network.initial_weights import STD_OF_TRUNCATED_NORMAL, initial_weights
from core.network.initializers import (
    Constant,
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    Normal,
    OneOverInOut,
    OneOverOut,
    Uniform,
    UniformOverIn,
    Zeros,
)
from core.network.layers import BatchNorm, Bias, Conv2D, Dense, Flatten, Pool
from core.network.network import Network
from tests.support import golden


def dense(inputs, units, initial, biases=None, seed=1):
    layers = [Flatten(), Dense(units=units, weights=initial, biases=biases or Zeros())]
    return initial_weights(Network(input_shape=(1, 1, inputs), layers=layers), seed, np.float64)


def many(inputs, units, initial):
    """Weights of several seeds together: at least 20,000 numbers."""
    seeds = range(-(-20_000 // (inputs * units)))
    return np.concatenate([dense(inputs, units, initial, seed=s)["dense1.weights"].ravel() for s in seeds])


@pytest.mark.parametrize("fans, scales", golden.G17.items(), ids=str)
def test_glorot_and_he_have_their_known_scales(fans, scales):
    limit, std = scales
    uniform, normal = many(*fans, GlorotUniform()), many(*fans, HeNormal())
    assert np.abs(uniform).max() == pytest.approx(limit, rel=2e-3)
    assert np.abs(uniform).max() <= limit + 1e-6
    assert uniform.std() == pytest.approx(limit / np.sqrt(3), rel=0.02)
    assert normal.std() == pytest.approx(std, rel=0.03)
    assert 0.97 * 2 * std / STD_OF_TRUNCATED_NORMAL < np.abs(normal).max() <= 2 * std / STD_OF_TRUNCATED_NORMAL + 1e-6


@pytest.mark.parametrize(
    "initial, std",
    [
        (GlorotNormal(), np.sqrt(2 / 300)),
        (HeUniform(), np.sqrt(2 / 100)),
        (Normal(std=0.3), 0.3),
        (Uniform(limit=0.3), 0.3 / np.sqrt(3)),
        (OneOverOut(), np.sqrt(1 / 200)),
        (OneOverOut(pool_area=4), np.sqrt(4 / 200)),
        (OneOverInOut(), np.sqrt(1 / 300)),
        (OneOverInOut(pool_area=4), np.sqrt(1 / 150)),
        (UniformOverIn(), 2.4 / 100 / np.sqrt(3)),
        (UniformOverIn(reach=1), 1 / 100 / np.sqrt(3)),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_the_others_have_their_formulas_scale(initial, std):
    values = many(100, 200, initial)
    assert values.std() == pytest.approx(std, rel=0.03)
    assert abs(values.mean()) < 0.05 * std


def test_a_convolution_counts_its_field_in_both_fans():
    """(9, 288): 1 channel, 3x3, 32 maps."""
    net = Network(input_shape=(1, 9, 9), layers=[Conv2D(filters=32, kernel_size=3)])
    limits = [np.abs(initial_weights(net, seed)["conv1.weights"]).max() for seed in range(10)]
    assert max(limits) == pytest.approx(golden.G17[9, 288][0], rel=1e-2)


def test_a_range_over_the_inputs_counts_the_maps_that_are_seen():
    net = Network(
        input_shape=(12, 9, 9), layers=[Conv2D(filters=12, kernel_size=5, inputs_per_filter=8, weights=UniformOverIn())]
    )
    sizes = np.abs(initial_weights(net, 1)["conv1.weights"])
    assert sizes.shape == (12, 8, 5, 5)
    assert 0.99 * 2.4 / 200 < sizes.max() <= 2.4 / 200


def test_batch_norm_starts_as_it_is_told_and_biases_too():
    layers = [BatchNorm(name="norm"), BatchNorm(name="odd", gamma=Normal(), beta=Constant(value=3)), Bias(name="b")]
    drawn = initial_weights(Network(input_shape=(3, 2, 2), layers=layers), 1)
    assert_array_equal(drawn["norm.gamma"], [1, 1, 1])
    assert_array_equal(drawn["norm.beta"], [0, 0, 0])
    assert_array_equal(drawn["odd.beta"], [3, 3, 3])
    assert_array_equal(drawn["b.biases"], [0, 0, 0])
    assert len(set(drawn["odd.gamma"])) == 3


def test_zeros_and_constants_are_what_they_say():
    weights = dense(3, 2, Zeros(), Constant(value=0.25))
    assert_array_equal(weights["dense1.weights"], np.zeros((2, 3)))
    assert_array_equal(weights["dense1.biases"], [0.25, 0.25])


def two_layers(*between):
    layers = [Conv2D(filters=4, kernel_size=3, name="first"), *between, Flatten(), Dense(units=3, name="last")]
    return Network(input_shape=(1, 9, 9), layers=layers)


def test_the_same_seed_gives_the_same_bits_and_another_does_not():
    one, same, other = (initial_weights(two_layers(), seed) for seed in (1, 1, 2))
    assert list(one) == ["first.weights", "first.biases", "last.weights", "last.biases"]
    assert all(one[name].tobytes() == same[name].tobytes() for name in one)
    assert not np.array_equal(one["last.weights"], other["last.weights"])


def test_a_layer_more_changes_no_other_layers_weights():
    plain, more = (
        initial_weights(two_layers(*extra), 1) for extra in ([], [Conv2D(filters=4, kernel_size=1), Pool(window=1)])
    )
    for name in plain:
        assert_array_equal(plain[name], more[name])


def test_float32_weights_are_the_rounded_float64_ones():
    single, double = (initial_weights(two_layers(), 1, dtype) for dtype in (np.float32, np.float64))
    for name in single:
        assert single[name].dtype == np.float32
        assert_array_equal(single[name], double[name].astype(np.float32))


def test_the_very_numbers_stay_the_same_from_release_to_release():
    result = dense(2, 2, Normal(), seed=1)["dense1.weights"]
    assert_array_equal(result.round(6), PINNED)


PINNED = [[0.12723, -0.434878], [1.144221, -0.650782]]
