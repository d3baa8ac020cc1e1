"""The layers of core.numerics: small numbers by hand, then properties, then scipy as oracle."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from scipy.signal import convolve2d, correlate2d

from backends.contract import golden
from core.network.layers import Dense, Dropout, Flatten
from core.network.network import Network
from core.network.shapes import NetworkError
from core.numerics import activations, convolution, dense, dropout, pooling
from core.numerics.windows import cells, positions


def maps(rows):
    return np.array(rows, float)[None, None]


def convolved(x, kernel, **options):
    return convolution.forward(maps(x), maps(kernel), np.zeros(1), **options)[0][0, 0]


def random(*shape, seed=1):
    return np.random.default_rng(seed).normal(size=shape)


def test_each_cell_of_a_window_meets_one_number_a_position():
    x = np.arange(16).reshape(1, 1, 4, 4)
    met = {(u, v): x[position].ravel().tolist() for u, v, position in cells((2, 2), (2, 2), stride=(2, 2))}
    assert met == {(0, 0): [0, 2, 8, 10], (0, 1): [1, 3, 9, 11], (1, 0): [4, 6, 12, 14], (1, 1): [5, 7, 13, 15]}


def test_what_does_not_fill_a_window_is_left_out():
    assert positions((7, 8), (3, 3), stride=(2, 3)) == (3, 2)
    assert positions((7, 8), (3, 3), dilation=(2, 3)) == (3, 2)


def test_a_kernel_is_not_flipped():
    g = golden.G06
    assert_array_equal(convolved(g["x"], g["kernel"]), g["valid"])
    assert_array_equal(convolved(g["x"], np.rot90(g["kernel"], 2)), g["flipped"])


def test_a_dilated_kernel_skips_cells():
    assert_array_equal(convolved([[1, 2, 3, 4, 5]], [[1, 10]], dilation=(1, 3)), [[41, 52]])


def test_uneven_pads_stand_where_they_are_named():
    padded = convolution.padded(maps([[1]]), ((0, 1), (2, 0)))
    assert_array_equal(padded[0, 0], [[0, 0, 1], [0, 0, 0]])
    assert_array_equal(convolution.cropped(padded, ((0, 1), (2, 0)))[0, 0], [[1]])


def test_all_gradients_of_a_convolution_are_those_on_paper():
    g = golden.G06
    _, backprop = convolution.forward(maps(g["x"]), maps(g["kernel"]), np.zeros(1))
    dx, result = backprop(np.ones((1, 1, 3, 3)))
    assert_array_equal(dx[0, 0], g["input_gradient"])
    assert_array_equal(result["weights"][0, 0], g["kernel_gradient"])
    assert_array_equal(result["biases"], [9])


def test_the_gradient_of_the_image_can_be_spared():
    x, W = random(2, 3, 5, 5), random(4, 3, 2, 2)
    _, whole = convolution.forward(x, W, np.zeros(4))
    _, spared = convolution.forward(x, W, np.zeros(4), need_input_grad=False)
    dy = random(2, 4, 4, 4)
    assert spared(dy)[0] is None
    assert_array_equal(spared(dy)[1]["weights"], whole(dy)[1]["weights"])


def test_a_batch_of_many_blocks_is_its_images_one_by_one():
    x, W, b = random(5, 8, 60, 60), random(3, 8, 7, 7), random(3)
    together = convolution.forward(x, W, b)[0]
    alone = [convolution.forward(x[n : n + 1], W, b)[0] for n in range(5)]
    assert 2 * convolution.BLOCK < 5 * 8 * 49 * 54 * 54
    assert_allclose(together, np.concatenate(alone), rtol=1e-12, atol=1e-12)


sizes = st.tuples(st.integers(3, 8), st.integers(3, 8))
kernels = st.tuples(st.integers(1, 3), st.integers(1, 3))
small = st.integers(0, 2**32 - 1)


@given(size=sizes, kernel=kernels, seed=small)
@settings(max_examples=30, deadline=None)
def test_scipy_correlates_alike_and_convolves_with_the_turned_kernel(size, kernel, seed):
    x, k = random(*size, seed=seed), random(*kernel, seed=seed + 1)
    assert_allclose(convolved(x, k), correlate2d(x, k, "valid"), rtol=1e-12, atol=1e-12)
    assert_allclose(convolved(x, k[::-1, ::-1]), convolve2d(x, k, "valid"), rtol=1e-12, atol=1e-12)


@given(
    size=sizes,
    kernel=kernels,
    stride=kernels,
    dilation=st.tuples(st.integers(1, 2), st.integers(1, 2)),
    pads=st.tuples(*[st.tuples(st.integers(2, 3), st.integers(2, 4))] * 2),
    seed=small,
)
@settings(max_examples=40, deadline=None)
def test_the_way_back_of_a_convolution_is_its_transpose(size, kernel, stride, dilation, pads, seed):
    """Without biases y is linear in x and in W alike: <dy, y> = <dx, x> = <dW, W>."""
    x, W = random(2, 3, *size, seed=seed), random(4, 3, *kernel, seed=seed + 1)
    y, backprop = convolution.forward(x, W, np.zeros(4), pads, stride, dilation)
    dy = random(*y.shape, seed=seed + 2)
    dx, result = backprop(dy)
    assert_allclose([np.vdot(dx, x), np.vdot(result["weights"], W)], np.vdot(dy, y), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("pool, how", [(pooling.max_pool, "max"), (pooling.average_pool, "average")])
def test_pooling_and_its_gradient_are_those_on_paper(pool, how):
    g = golden.G09
    y, backprop = pool(maps(g["x"]), (2, 2), (2, 2))
    assert_array_equal(y[0, 0], g[how])
    assert_array_equal(backprop(maps(g["upstream"]))[0][0, 0], g[f"{how}_gradient"])


def test_overlapping_windows_add_their_gradients():
    _, backprop = pooling.max_pool(maps([[1, 9, 1]]), (1, 2), (1, 1))
    assert_array_equal(backprop(maps([[3, 4]]))[0][0, 0], [[0, 7, 0]])


def test_l2_pooling_of_3_and_4_is_5_and_shares_its_gradient_like_them():
    y, backprop = pooling.l2_pool(maps([[3, 4]]), (1, 2), (1, 2))
    assert y.item() == 5
    assert_allclose(backprop(maps([[10]]))[0][0, 0], [[6, 8]])


@given(shape=st.tuples(st.integers(3, 7), st.integers(3, 7)), window=kernels, stride=kernels, seed=small)
@settings(max_examples=30, deadline=None)
def test_max_pooling_passes_on_all_of_its_gradient(shape, window, stride, seed):
    x = np.random.default_rng(seed).integers(0, 3, (2, 2, *shape)).astype(float)  # full of ties
    y, backprop = pooling.max_pool(x, window, stride)
    dy = random(*y.shape, seed=seed)
    assert_allclose(backprop(dy)[0].sum(), dy.sum(), atol=1e-9)


@pytest.mark.parametrize(
    "name, function",
    [
        ("linear", activations.linear),
        ("sigmoid", activations.sigmoid),
        ("tanh", activations.tanh),
        ("relu", activations.relu),
        ("leaky_relu", lambda x: activations.leaky_relu(x, 0.1)),
        ("elu", lambda x: activations.elu(x, 1.0)),
    ],
)
def test_an_activation_has_its_known_values_and_keeps_the_precision(name, function):
    y, backprop = function(np.array([golden.G18["x"]], np.float32))
    assert_allclose(y, [golden.G18[name]], atol=1e-6)
    assert y.dtype == backprop(np.ones_like(y))[0].dtype == np.float32


def test_the_slope_of_a_sigmoid_vanishes_away_from_zero():
    x, slopes = zip(*golden.G18_SIGMOID_SLOPE.items(), strict=True)
    _, backprop = activations.sigmoid(np.array(x, float))
    assert_allclose(backprop(1.0)[0], slopes, atol=5e-7)


def test_a_sigmoid_does_not_overflow_far_from_zero():
    assert_array_equal(activations.sigmoid(np.array([-1e5, 1e5], np.float32))[0], [0, 1])


def test_softmax_sums_to_one_over_the_channels():
    y, _ = activations.softmax(random(2, 5, 3, 3) * 1000)
    assert_allclose(y.sum(axis=1), 1)


def test_flatten_puts_channel_after_channel():
    x = np.arange(8).reshape(1, 2, 2, 2)
    y, backprop = dense.flatten(x)
    assert_array_equal(y, [np.arange(8)])
    assert_array_equal(backprop(y)[0], x)


def test_a_dense_layer_is_a_matrix_and_a_shift():
    y, backprop = dense.forward(np.array([[1.0, 2.0]]), np.array([[3.0, 4.0], [5.0, 6.0]]), np.array([0.5, 0.0]))
    assert_array_equal(y, [[11.5, 17]])
    dx, result = backprop(np.array([[1.0, 10.0]]))
    assert_array_equal(dx, [[53, 64]])
    assert_array_equal(result["weights"], [[1, 2], [10, 20]])
    assert_array_equal(result["biases"], [1, 10])


def test_dropout_divides_what_it_keeps():
    y, backprop = dropout.forward(np.array([[3.0, 4.0]]), np.array([[True, False]]), rate=0.25)
    assert_array_equal(y, [[4, 0]])
    assert_allclose(backprop(np.array([[3.0, 3.0]]))[0], [[4, 0]])


def with_dropout(*names, rate=0.3):
    drops = [Dropout(rate=rate, name=name) for name in names]
    return Network(input_shape=(2, 10, 10), layers=[*drops, Flatten(), Dense(units=2)])


def test_masks_depend_on_seed_step_and_layer_alone():
    masks = dropout.masks(with_dropout("a"), seed=1, step=5, batch=4)
    both = dropout.masks(with_dropout("b", "a"), seed=1, step=5, batch=4)
    assert masks["a"].shape == (4, 2, 10, 10)
    assert masks["a"].dtype == bool
    assert_array_equal(masks["a"], both["a"])
    others = both["b"], *(dropout.masks(with_dropout("a"), *key, 4)["a"] for key in ((2, 5), (1, 6)))
    assert not any(np.array_equal(masks["a"], other) for other in others)


def test_masks_keep_one_minus_rate_of_the_numbers():
    mask = dropout.masks(with_dropout("a"), 1, 1, 500)["a"]
    assert abs(mask.mean() - 0.7) < 5 * np.sqrt(0.3 * 0.7 / mask.size)
    assert dropout.masks(with_dropout("a", rate=0), 1, 1, 5)["a"].all()


def test_masks_of_an_impossible_network_are_refused():
    with pytest.raises(NetworkError):
        dropout.masks(Network(input_shape=(1, 2, 2), layers=[Dense(units=2)]), 1, 1, 1)
