"""A network before its first step: gradients are slopes of the loss, twins stay twins, dead starts are seen."""

import numpy as np
import pytest

from core.demos.images import pixel_statistics
from core.demos.learning import initialization
from core.lessons.vocabulary.starting import PIXELS
from core.network.initializers import Constant, GlorotUniform, HeNormal, Normal, Zeros


SMALL = (784, 6, 5, 10)


@pytest.mark.parametrize("function", initialization.FUNCTIONS)
def test_the_gradients_are_slopes_of_the_loss(function):
    x, y = initialization.images()
    w, b = initialization.weights(GlorotUniform(), SMALL), [np.full(units, 0.01) for units in SMALL[1:]]
    f, small = initialization.FUNCTIONS[function], 1e-6
    _, _, result, biases, _ = initialization.forward_backward(w, b, f, x, y)
    for layer, position in ((0, (2, 300)), (1, (4, 3)), (2, (7, 1))):
        losses = []
        for by in (small, -small):
            moved = [one.copy() for one in w]
            moved[layer][position] += by
            losses.append(initialization.forward_backward(moved, b, f, x, y)[4])
        assert result[layer][position] == pytest.approx((losses[0] - losses[1]) / (2 * small), abs=1e-7)
    assert biases[2].sum() == pytest.approx(0, abs=1e-12)


def test_equal_units_stay_equal_and_random_ones_differ():
    for function in initialization.FUNCTIONS:
        for one in initialization.look(Constant(value=0.05), function, SMALL)[:2]:
            assert one.difference == 0
            assert one.difference_later < initialization.ROUNDING
    assert initialization.look(GlorotUniform(), "tanh", SMALL)[0].difference_later > 0.05


def test_a_relu_network_of_zeros_has_no_gradient_in_any_weight():
    for one in initialization.look(Zeros(), "relu", SMALL):
        assert not one.gradients.any()


def test_wide_weights_sit_on_the_flat_parts_and_fitting_ones_do_not():
    wide, fitting = (initialization.look(start, "sigmoid", SMALL)[0] for start in (Normal(std=5.0), GlorotUniform()))
    assert initialization.flat_share(wide, "sigmoid") > 0.7 > 0.05 > initialization.flat_share(fitting, "sigmoid")


def test_he_keeps_the_size_of_relu_outputs_over_eight_layers():
    result = initialization.look(HeNormal(), "relu", (784, *[50] * 8, 10))
    assert 0.2 < result[7].outputs.std() / result[0].outputs.std() < 5


def test_a_histogram_shares_out_all_numbers_also_when_they_are_equal():
    for values in (np.arange(50.0), np.zeros(7), 1e-17 * np.arange(50.0)):
        shares, low, high = initialization.histogram(values)
        assert shares.sum() == pytest.approx(1)
        assert [low, high] == [values.min(), values.max()]
        assert np.count_nonzero(shares) == (21 if values.any() else 1)


def test_the_recorded_pixels_explode_with_a_tiny_epsilon_and_not_with_a_floor():
    recording = pixel_statistics.read(PIXELS)
    assert pixel_statistics.dead(recording) == 130
    assert pixel_statistics.scaled_largest(recording, "epsilon", 1e-4).max() == pytest.approx(2_540_000)
    assert pixel_statistics.scaled_largest(recording, "floor", 8.0).max() < 40
    assert pixel_statistics.scaled_largest(recording, "unit").max() == 1
    with pytest.raises(ValueError, match="no rule 'x'"):
        pixel_statistics.scaled_largest(recording, "x")
