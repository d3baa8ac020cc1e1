"""How much of a layer's maps moves along with the image."""

import numpy as np
import pytest

from core.explain.moved_maps import moved_along, strides
from core.network.layers import Conv2D, Dense, Flatten, Pool
from core.network.network import Network
from core.numerics import convolution, pooling


RNG = np.random.default_rng(0)
DOT = np.zeros((1, 1, 12, 12))
DOT[0, 0, 4:6, 4:7] = [[1, 2, 3], [4, 5, 6]]


def conv(x):
    return convolution.forward(x, RNG_KERNEL, np.zeros(2))[0][0]


RNG_KERNEL = RNG.normal(size=(2, 1, 3, 3))


def test_a_convolution_moves_along_exactly():
    moved = moved_along(conv(DOT), conv(np.roll(DOT, (2, -1), (2, 3))), (2, -1), (1, 1))
    assert moved.share == pytest.approx(1)
    assert (moved.shift, moved.exact) == ((2, -1), True)
    assert moved.expected[:, 2:, :-1] == pytest.approx(conv(DOT)[:, :-2, 1:])
    assert not moved.expected[:, :2].any()


def test_a_pool_moves_along_with_an_even_shift_and_not_quite_with_an_odd_one():
    def pooled(x):
        return pooling.max_pool(x, (2, 2), (2, 2))[0][0]

    even = moved_along(pooled(DOT), pooled(np.roll(DOT, 2, 3)), (0, 2), (2, 2))
    odd = moved_along(pooled(DOT), pooled(np.roll(DOT, 1, 3)), (0, 1), (2, 2))
    assert (even.shift, even.exact, even.share) == ((0, 1), True, pytest.approx(1))
    assert (odd.shift, odd.exact) == ((0, 0), False)
    assert odd.share < 0.99


def test_by_hand():
    """Old row 1 2 3 4, shifted by one: 1 2 3 are expected where the new row has 1 2 5; of the squared deviation from
    the mean 8/3, which is 26/3, 4 is not explained."""
    moved = moved_along(np.array([[[1.0, 2, 3, 4]]]), np.array([[[9.0, 1, 2, 5]]]), (0, 1), (1, 1))
    assert moved.share == pytest.approx(1 - 4 / (26 / 3))


def test_what_has_nothing_to_compare_has_no_share():
    flat = np.zeros((1, 4, 4))
    assert np.isnan(moved_along(flat, flat, (1, 0), (1, 1)).share)
    assert np.isnan(moved_along(flat, flat, (9, 0), (1, 1)).share)


def test_strides_multiply_up_to_the_first_layer_without_maps():
    layers = [
        Conv2D(filters=2, kernel_size=3, stride=2),
        Pool(window=2),
        Conv2D(filters=2, kernel_size=2),
        Flatten(),
        Dense(units=3),
    ]
    assert strides(Network(input_shape=(1, 20, 20), layers=layers)) == {
        "conv1": (2, 2),
        "pool1": (4, 4),
        "conv2": (4, 4),
    }
