"""The contract, for numbers worked out by hand."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from backends.contract import golden
from backends.contract.models import image, maps_of, model, one, one_layer
from backends.contract.networks import act, conv, network
from core.network.blocks import Branches, Residual
from core.network.layers import (
    Dense,
    Flatten,
    Pool,
)


def pulled_back(backend, layer, x, dy, **weights):
    """d(sum of dy * output of one layer): with respect to the image, and to the kernel."""
    it, names = one_layer(backend, layer, x, **weights)
    gradients = it.gradients(image(x), np.reshape(np.array(dy, float), (1, -1)))
    return gradients.input[0], [gradients.weights[name] for name in names]


@pytest.mark.parametrize("padding", ["valid", "same"])
def test_the_binary_image_gives_its_known_map(backend, padding):
    g = golden.G05
    assert_array_equal(maps_of(backend, conv(1, 3, padding=padding), g["x"], kernels=one(g["kernel"])), [g[padding]])


def test_a_kernel_is_not_flipped(backend):
    g = golden.G06
    assert_array_equal(maps_of(backend, conv(1, 3), g["x"], kernels=one(g["kernel"])), [g["valid"]])


def test_padding_and_stride_give_their_known_maps(backend):
    g = golden.G06
    assert_array_equal(maps_of(backend, conv(1, 3, padding="same"), g["x"], kernels=one(g["kernel"])), [g["same"]])
    assert_array_equal(maps_of(backend, conv(1, 3, stride=2), g["x"], kernels=one(g["kernel"])), [g["stride2"]])


def test_a_convolution_passes_its_known_gradients_back(backend):
    g = golden.G06
    dx, (dkernel, dbias) = pulled_back(backend, conv(1, 3), g["x"], np.ones((3, 3)), kernels=one(g["kernel"]))
    assert_array_equal(dx, [g["input_gradient"]])
    assert_array_equal(dkernel, one(g["kernel_gradient"]))
    assert_array_equal(dbias, [9])


def test_convolution_relu_and_pooling_give_the_lectures_maps(backend):
    g = golden.G07
    for mode in ("max", "average"):
        subject = network(conv(1, 3), act("relu"), Pool(mode=mode), Flatten(), shape=(1, 6, 6))
        weights = {"conv1.weights": np.array(one(g["kernel"])), "conv1.biases": np.zeros(1)}
        result = model(backend, subject, weights).activations(image(g["x"]))
        assert_allclose(result["conv1"][0, 0], g["map"], atol=1e-12)
        assert_allclose(result["act1"][0, 0], g["relu"], atol=1e-12)
        assert_allclose(result["pool1"][0, 0], g[mode], atol=1e-12)


def test_a_curve_detector_finds_the_curve_alone(backend):
    g = golden.G08
    sums = [maps_of(backend, conv(1, 7), g[what], kernels=one(g["detector"])).item() for what in ("curve", "other")]
    assert tuple(sums) == g["sums"]


def test_channels_are_summed_and_each_kernel_makes_a_map(backend):
    g = golden.G29
    assert_array_equal(maps_of(backend, conv(3, 2), g["x"], kernels=g["kernels"]), g["y"])
    assert_array_equal(maps_of(backend, conv(3, 2), g["x"], kernels=g["kernels"], bias=2.0), np.array(g["y"]) + 2)


def test_same_padding_puts_its_surplus_right_and_below(backend):
    g, even, odd = golden.G32, one([[1, 1]]), one([[1, 1, 1]])
    across = conv(1, (1, 2), padding="same")
    assert_array_equal(maps_of(backend, across, g["x"], kernels=even), [g["same_even"]])
    down = conv(1, (2, 1), padding="same")
    turned = maps_of(backend, down, np.transpose(g["x"]), kernels=one([[1], [1]]))
    assert_array_equal(turned, [np.transpose(g["same_even"])])
    wide = conv(1, (1, 3), padding="same", stride=(1, 2))
    assert_array_equal(maps_of(backend, wide, g["x"], kernels=odd), [g["same_stride2"]])


def test_padding_by_numbers_pads_where_it_says(backend):
    g, odd = golden.G32, one([[1, 1, 1]])
    layer = conv(1, (1, 3), padding=((0, 0), (1, 1)), stride=(1, 2))
    assert_array_equal(maps_of(backend, layer, g["x"], kernels=odd), [g["pad1_stride2"]])


@pytest.mark.parametrize("mode", ["max", "average", "sum", "l2"])
def test_pooling_gives_the_known_maps(backend, mode):
    assert_allclose(maps_of(backend, Pool(mode=mode), golden.G10["x"]), [golden.G10[mode]], rtol=1e-14)
    if mode in golden.G09:
        assert_allclose(maps_of(backend, Pool(mode=mode), golden.G09["x"]), [golden.G09[mode]], rtol=1e-14)


@pytest.mark.parametrize("window", [2, 3])
def test_overlapping_windows_give_the_known_maps(backend, window):
    expected = golden.G10[f"max_window{window}_stride1"]
    assert_array_equal(maps_of(backend, Pool(window=window, stride=1), golden.G10["x"]), [expected])


def test_of_equal_cells_the_first_gets_the_gradient(backend):
    g = golden.G09
    assert_array_equal(pulled_back(backend, Pool(), g["x"], g["upstream"])[0], [g["max_gradient"]])


def test_an_average_shares_its_gradient(backend):
    g = golden.G09
    assert_array_equal(pulled_back(backend, Pool(mode="average"), g["x"], g["upstream"])[0], [g["average_gradient"]])


def test_an_l2_window_of_zeros_passes_no_gradient(backend):
    assert_array_equal(pulled_back(backend, Pool(mode="l2"), np.zeros((2, 2)), [[5.0]])[0], np.zeros((1, 2, 2)))


def test_of_equal_maxout_pieces_the_first_gets_the_gradient(backend):
    x = [[[1.0]], [[1.0]], [[0.0]], [[2.0]]]
    assert_array_equal(maps_of(backend, act("maxout"), x), [[[1]], [[2]]])
    assert_array_equal(pulled_back(backend, act("maxout"), x, [3, 4])[0].ravel(), [3, 0, 0, 4])


@pytest.mark.parametrize("function", ["linear", "sigmoid", "tanh", "relu", "leaky_relu", "elu"])
def test_an_activation_has_its_known_values(backend, function):
    assert_allclose(maps_of(backend, act(function), [golden.G18["x"]]), [[golden.G18[function]]], atol=5e-7)


@pytest.mark.parametrize(
    "layer, slope",
    [(act("relu"), 0), (act("leaky_relu", slope=0.3), 0.3), (act("elu", alpha=0.7), 0.7)],
    ids=["relu", "leaky_relu", "elu"],
)
def test_at_a_corner_the_left_side_counts(backend, layer, slope):
    assert_allclose(pulled_back(backend, layer, [[0.0]], [[1.0]])[0], [[[slope]]], rtol=1e-15)


def test_the_maxout_of_x_and_minus_x_is_its_size(backend):
    x = np.array(golden.G18["x"])
    pairs = np.stack([x, -x])[:, None, :]
    assert_array_equal(maps_of(backend, act("maxout"), pairs), [[golden.G18["maxout_of_x_and_minus_x"]]])


def test_softmax_has_its_known_values_and_does_not_overflow(backend):
    g = golden.G16
    logits = np.reshape(g["logits"], (3, 1, 1))
    for shift in (0, 1000, -1000):
        assert_allclose(maps_of(backend, act("softmax"), logits + shift).ravel(), g["softmax"], atol=5e-7)


def test_flatten_keeps_each_channel_together(backend):
    x = np.arange(12.0).reshape(1, 3, 2, 2)
    subject = network(Pool(window=1, name="it"), Flatten(), Dense(units=2), shape=(3, 2, 2))
    picks = np.zeros((2, 12))
    picks[0, 1], picks[1, 4] = 1, 1  # the second cell of the first channel, the first cell of the second
    result = model(backend, subject, {"dense1.weights": picks, "dense1.biases": np.zeros(2)})
    assert_array_equal(result.activations(x)["flatten1"], [np.arange(12)])
    assert_array_equal(result.predict(x), [[1, 4]])


def test_two_linear_layers_are_one(backend):
    g = golden.G11
    subject = network(Flatten(), Dense(units=2), Dense(units=1), shape=(2, 1, 1))
    weights = {"dense1.weights": g["W1"], "dense1.biases": [0, 0], "dense2.weights": g["W2"], "dense2.biases": [0]}
    weights = {name: np.array(w, float) for name, w in weights.items()}
    result = model(backend, subject, weights)
    x = np.reshape(g["x"], (1, 2, 1, 1))
    assert_allclose(result.activations(x)["dense1"], [g["z1"]], rtol=1e-14)
    assert_allclose(result.predict(x), [g["z2"]], rtol=1e-14)
    assert_allclose(result.gradients(x, np.ones((1, 1))).input.ravel(), g["collapsed"], rtol=1e-14)


def test_the_graph_of_sigmoids_goes_forward_and_back_as_on_paper(backend):
    g = golden.G12
    layers = [layer for units in (3, 3, 1) for layer in (Dense(units=units), act("sigmoid"))]
    subject = network(Flatten(), *layers, shape=(2, 1, 1))
    weights = {}
    for i in range(3):
        weights |= {f"dense{i + 1}.weights": np.array(g["W"][i]), f"dense{i + 1}.biases": np.array(g["b"][i], float)}
    x = np.reshape(np.array(g["x"], float), (1, 2, 1, 1))
    graph = model(backend, subject, weights)
    result, gradients = graph.activations(x), graph.gradients(x, np.ones((1, 1)))
    for i in range(3):
        assert_allclose(result[f"dense{i + 1}"], [g["before"][i]], atol=6e-7)
        assert_allclose(result[f"act{i + 1}"], [g["after"][i]], atol=6e-7)
        assert_allclose(gradients.activations[f"act{i + 1}"], [g["dafter"][i]], atol=6e-7)
        assert_allclose(gradients.activations[f"dense{i + 1}"], [g["dbefore"][i]], atol=6e-7)
        assert_allclose(gradients.weights[f"dense{i + 1}.weights"], g["dW"][i], atol=6e-7)


def test_a_shortcut_adds_the_input_and_the_gradient_of_a_fork_is_the_sum_of_its_ways(backend):
    """y = 2x + 1 + x: at x = 3 the way through the layer gives 7, the sum is 10, and dy/dx = 2 + 1."""
    subject = network(Residual(layers=[conv(1, 1)]), Flatten(), shape=(1, 1, 1))
    result = model(backend, subject, {"conv1.weights": np.array([[[[2.0]]]]), "conv1.biases": np.array([1.0])})
    x, seed = np.array([[[[3.0]]]]), np.array([[5.0]])
    outputs, gradients = result.activations(x), result.gradients(x, seed)
    assert {name: y.item() for name, y in outputs.items()} == {"conv1": 7, "residual1": 10, "flatten1": 10}
    assert gradients.input.item() == 5 * (2 + 1)
    assert gradients.weights["conv1.weights"].item() == 5 * 3
    assert gradients.activations["conv1"].item() == gradients.activations["residual1"].item() == 5


def test_a_1x1_shortcut_takes_every_second_cell_into_other_maps(backend):
    """The layers give -x of the corner cells; the shortcut 10x + 1 of the same cells, so the sum is 9x + 1."""
    subject = network(Residual(layers=[conv(1, 1, stride=2)], shortcut="1x1"), Flatten(), shape=(1, 3, 3))
    weights = {"conv1.weights": np.array([[[[-1.0]]]]), "conv1.biases": np.zeros(1)}
    weights |= {"residual1.shortcut.weights": np.array([[[[10.0]]]]), "residual1.shortcut.biases": np.ones(1)}
    result = model(backend, subject, weights)
    x = np.arange(9.0).reshape(1, 1, 3, 3)
    assert_array_equal(result.activations(x)["residual1.shortcut"][0, 0], [[1, 21], [61, 81]])
    assert_array_equal(result.predict(x), [[1, 19, 55, 73]])
    gradients = result.gradients(x, np.ones((1, 4)))
    assert_array_equal(gradients.input[0, 0], [[9, 0, 9], [0, 0, 0], [9, 0, 9]])
    assert gradients.weights["residual1.shortcut.weights"].item() == 0 + 2 + 6 + 8


def test_branches_stand_one_after_the_other_and_each_gets_its_own_gradient(backend):
    """Rows 2x, nothing, x + x: the outputs are 6, 3, 6; with the seeds 1, 10, 100 the input gets 2*1 + 10 + 2*100."""
    rows = [[conv(1, 1)], [], [Residual(layers=[act("linear")])]]
    subject = network(Branches(rows=rows), Flatten(), shape=(1, 1, 1))
    result = model(backend, subject, {"conv1.weights": np.array([[[[2.0]]]]), "conv1.biases": np.zeros(1)})
    x = np.array([[[[3.0]]]])
    assert_array_equal(result.activations(x)["branches1"].ravel(), [6, 3, 6])
    gradients = result.gradients(x, np.array([[1.0, 10.0, 100.0]]))
    assert gradients.input.item() == 2 * 1 + 10 + 2 * 100
    assert gradients.weights["conv1.weights"].item() == 3
    assert {name: gradients.activations[name].item() for name in ("conv1", "act1", "residual1")} == {
        "conv1": 1,
        "act1": 100,
        "residual1": 100,
    }


@pytest.mark.parametrize(
    "mode, expected", [("max", [2, 3, 3]), ("average", [1.5, 2, 2.5]), ("sum", [3, 6, 5]), ("l2", [5, 14, 13])]
)
def test_a_window_over_the_border_summarises_the_cells_that_are_there(backend, mode, expected):
    layer = Pool(mode=mode, window=(1, 3), stride=1, padding="same")
    result = maps_of(backend, layer, [[1, 2, 3]])[0][0]
    assert_allclose(result, np.sqrt(expected) if mode == "l2" else expected, rtol=1e-14)
    negative = maps_of(backend, Pool(window=(1, 3), stride=1, padding="same"), [[-1, -2, -3]])
    assert_array_equal(negative[0][0], [-1, -1, -2])  # what is not there is never the largest, not even as a zero


@pytest.mark.parametrize(
    "mode, expected",
    [("max", [5, 6, 8, 9]), ("average", [3, 4.5, 7.5, 9]), ("sum", [12, 9, 15, 9]), ("l2", [46, 45, 113, 81])],
)
def test_rounded_up_the_last_windows_summarise_the_cells_that_are_there(backend, mode, expected):
    layer = Pool(mode=mode, window=2, padding="ceil")
    result = maps_of(backend, layer, [[1, 2, 3], [4, 5, 6], [7, 8, 9]])[0].ravel()
    assert_allclose(result, np.sqrt(expected) if mode == "l2" else expected, rtol=1e-14)
    negative = maps_of(backend, Pool(window=2, padding="ceil"), [[-1, -2, -3]])
    assert_array_equal(negative[0][0], [-1, -3])
