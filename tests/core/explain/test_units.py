"""Dead and saturated units, histograms, strongest patches and what a cell sees, by hand."""

import numpy as np
import pytest

import backends
from core.backend import State
from core.data.recipe import DataRecipe
from core.experiment.experiment import Experiment
from core.explain.inside_questions import Histograms, StrongestPatches
from core.explain.top_patches import box, cut
from core.explain.trained import QuestionError, Trained
from core.explain.units import activation_after, histogram, saturated_share, zero_share
from core.explain.why_questions import Attribution, Maximise, last_maps
from core.network.blocks import Branches, Residual
from core.network.costs import costs
from core.network.initial_weights import initial_weights
from core.network.layers import Activation, BatchNorm, Conv2D, Dense, Flatten, GlobalAveragePool, Pool
from core.network.network import Network
from core.network.shapes import trace
from core.random import generator
from core.recipe.training import TrainingRecipe


def trained(*layers, shape=(1, 9, 9), weights=None):
    network, recipe = Network(input_shape=shape, layers=layers), TrainingRecipe(precision="float64")
    backend = backends.load("reference")
    state = State(weights or initial_weights(network, 1, np.float64))
    experiment = Experiment(data=DataRecipe(name="digits"), network=network, training=recipe)
    return Trained(
        experiment, state, backend.build(network, state.weights, recipe), lambda *g: backend.build(*g, recipe)
    )


PADDED = (
    *(Conv2D(filters=2, kernel_size=3, padding="same"), Activation(function="relu"), Pool(window=2)),
    *(Conv2D(filters=3, kernel_size=(2, 3), stride=(1, 2), padding=((0, 1), (2, 0))), Activation(function="tanh")),
    *(Flatten(), Dense(units=4), Dense(units=2)),
)
BLOCKS = (
    Branches(rows=[[Conv2D(filters=1, kernel_size=1)], [Conv2D(filters=2, kernel_size=5, padding="same")]]),
    Residual(layers=[Conv2D(filters=3, kernel_size=(3, 2), padding=((0, 2), (1, 0)))]),
    *(Flatten(), Dense(units=2)),
)


@pytest.mark.parametrize(
    "layers, name", [(PADDED, "conv1"), (PADDED, "pool1"), (PADDED, "conv2"), (BLOCKS, "residual1")]
)
def test_a_cell_depends_on_nothing_outside_its_box(layers, name):
    network = trained(*layers)
    shape = next(step.output for step in trace(network.experiment.network) if step.layer.name == name)
    rng = generator(1, "boxes", name)
    for row in range(shape[1]):
        for column in range(shape[2]):
            top, left, bottom, right = box(network.experiment.network, name, row, column)
            first = rng.normal(size=(1, 1, 9, 9))
            inside = np.zeros((9, 9), bool)
            inside[max(top, 0) : bottom, max(left, 0) : right] = True
            other = np.where(inside, first, rng.normal(size=first.shape))
            cells = [network.model.activations(x)[name][0, :, row, column] for x in (first, other)]
            np.testing.assert_allclose(cells[0], cells[1], atol=1e-12)


def test_the_start_of_a_receptive_field_counts_padding():
    starts = {
        cost.step.layer.name: (cost.start, cost.receptive_field, cost.jump)
        for cost in costs(trained(*PADDED).experiment.network)
    }
    assert starts["conv1"] == ((-1, -1), (3, 3), (1, 1))
    assert starts["pool1"] == ((-1, -1), (4, 4), (2, 2))
    assert starts["conv2"] == ((-1, -5), (6, 8), (2, 4)), "two columns of padding, two pixels each"
    assert starts["dense1"] == (None, None, None)


def test_a_box_beyond_the_image_is_filled():
    image = np.arange(9).reshape(1, 3, 3)
    assert cut(image, (-1, 1, 2, 4), 7).tolist() == [[[7, 7, 7], [1, 2, 7], [4, 5, 7]]]
    assert cut(image[0], (1, 0, 3, 2)).tolist() == [[3, 4], [6, 7]]
    assert cut(image, (-3, -3, -1, -1), 7).tolist() == [[[7, 7], [7, 7]]], "all of it is padding"


def test_the_strongest_patches_come_with_image_cell_and_box():
    kernel = {"conv1.weights": np.ones((1, 1, 3, 3)), "conv1.biases": np.zeros(1)}
    layers = Conv2D(filters=1, kernel_size=3, padding="same"), Flatten(), Dense(units=2)
    rest = {"dense1.weights": np.zeros((2, 81)), "dense1.biases": np.zeros(2)}
    images = np.zeros((70, 1, 9, 9))
    images[3, 0, 0, 0], images[69, 0, 5, 4], images[8, 0, 8, 8] = 2, 3, 1
    question = StrongestPatches(layer="conv1", count=2)
    answer = question.answer(trained(*layers, weights=kernel | rest), {"images": images})
    assert answer["images"].tolist() == [[69, 3]]
    assert answer["values"].tolist() == [[3, 2]]
    assert answer["cells"].tolist() == [[[4, 3], [0, 0]]]
    assert answer["boxes"].tolist() == [[[3, 2, 6, 5], [-1, -1, 2, 2]]]


def test_units_of_a_dense_layer_see_the_whole_image():
    answer = StrongestPatches(layer="dense1", count=2, most=3).answer(
        trained(*PADDED), {"images": generator(1, "x").normal(size=(5, 1, 9, 9))}
    )
    assert answer["boxes"].shape == (3, 2, 4)
    assert {tuple(one) for one in answer["boxes"].reshape(-1, 4)} == {(0, 0, 9, 9)}


def test_a_unit_is_dead_if_it_is_zero_for_every_image():
    outputs = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 2.0]])
    assert zero_share(outputs).tolist() == [1, 0.5, 0.5]
    maps = np.zeros((2, 2, 2, 2))
    maps[1, 1, 0, 0] = 1
    assert zero_share(maps).tolist() == [1, 0.5]


def test_saturated_outputs_are_at_an_end_of_their_range():
    assert saturated_share(np.array([[0.995, 0.5], [0.005, 0.02]]), "sigmoid").tolist() == [1, 0]
    assert saturated_share(np.array([[0.985, 0.5], [-0.97, 0.02]]), "tanh").tolist() == [0.5, 0]
    assert saturated_share(np.array([[9.0, 0.0]]), "relu").tolist() == [0, 0]


def test_a_histogram_counts_zeros_apart():
    made = histogram(np.array([0.0, 0.0, 1.0, 2.0, 5.0, np.inf]), 4)
    assert made.edges.tolist() == [1, 2, 3, 4, 5]
    assert made.counts.tolist() == [1, 1, 0, 1]
    assert made.zeros == 2
    assert histogram(np.zeros(3), 2).zeros == 3
    assert histogram(np.full(3, 2.0), 2).counts.sum() == 3


def test_a_dead_convolution_is_seen_behind_its_activation():
    weights = initial_weights(trained(*PADDED).experiment.network, 1, np.float64)
    weights["conv1.biases"] = np.array([-100.0, 100.0])
    arrays = {"images": generator(2, "x").random((4, 1, 9, 9)), "labels": np.array([0, 1, 0, 1])}
    answer = Histograms(layers=("conv1", "dense2")).answer(trained(*PADDED, weights=weights), arrays)
    assert answer["conv1/zero"].tolist() == [1, 0]
    assert answer["conv1/weights/counts"].sum() == 18
    assert answer["conv1/weight_gradients/zeros"] == 9, "the dead filter gets no gradient"
    assert answer["dense2/activations/counts"].sum() == 8
    assert answer["dense2/saturated"].tolist() == [0, 0]


def test_the_activation_behind_a_layer():
    network = Network(
        input_shape=(1, 9, 9),
        layers=[Conv2D(filters=2, kernel_size=3), BatchNorm(), Activation(function="relu"), *PADDED[3:]],
    )
    assert [activation_after(network, name) for name in ("conv1", "act1", "conv2", "dense1")] == [
        network.layers[2], network.layers[2], network.layers[4], None
    ]  # fmt: skip
    assert activation_after(Network(input_shape=(1, 9, 9), layers=BLOCKS), "conv1") is None


def test_the_layer_for_grad_cam_is_the_last_with_maps():
    assert last_maps(trained(*PADDED).experiment.network) == "act2"
    assert last_maps(Network(input_shape=(1, 9, 9), layers=[Pool(), Flatten(), Dense(units=2)])) == "pool1"
    pooled = [Conv2D(filters=2, kernel_size=3), GlobalAveragePool(), Dense(units=2)]
    assert last_maps(Network(input_shape=(1, 9, 9), layers=pooled)) == "conv1"


ONE = {"images": np.ones((1, 1, 9, 9))}


@pytest.mark.parametrize(
    "question, arrays, words",
    [
        (Attribution(method="saliency", label=2), ONE, "no class 2"),
        (Attribution(method="grad_cam", label=0, layer="dense1"), ONE, "'dense1' has no feature maps"),
        (Attribution(method="grad_cam", label=0, layer="conv9"), ONE, "no layer called 'conv9'"),
        (Attribution(method="occlusion", label=0), ONE | {"baseline": np.ones(3)}, "baseline must have the shape"),
        (Maximise(units=(2,)), {}, "no class 2; they are numbered from 0 to 1"),
        (Maximise(units=(3,), layer="conv2"), {}, "no feature map 3"),
        (Maximise(units=(0,), layer="dense1", cell=(0, 0)), {}, "no row and column"),
        (Maximise(units=(0,), layer="conv1", cell=(9, 0)), {}, "has 9 x 9 cells"),
        (StrongestPatches(layer="conv7"), ONE, "no layer called 'conv7'"),
        (Histograms(layers=("conv1",)), ONE | {"labels": np.array([5])}, "one label from 0 to 1"),
    ],
)
def test_what_cannot_be_answered_is_said(question, arrays, words):
    with pytest.raises(QuestionError, match=words):
        question.answer(trained(*PADDED), arrays)


def test_a_network_without_maps_has_no_grad_cam():
    with pytest.raises(QuestionError, match="this network has no feature maps"):
        Attribution(method="grad_cam", label=0).answer(trained(Flatten(), Dense(units=2)), ONE)


def test_a_layer_inside_a_block_is_refused():
    with pytest.raises(QuestionError, match="'conv1' is inside a block"):
        Maximise(units=(0,), layer="conv1").answer(trained(*BLOCKS), {})
    assert Maximise(units=(0,), layer="branches1", steps=2).answer(trained(*BLOCKS), {})["images"].shape == (1, 1, 9, 9)


def test_maximisation_of_one_weight_draws_its_kernel():
    """The best image for a linear unit is white where its weights are positive and black elsewhere."""
    row = np.where(np.arange(81) % 2, 1.0, -1.0)
    weights = {"dense1.weights": np.stack([row, -row]), "dense1.biases": np.zeros(2)}
    network = trained(Flatten(), Dense(units=2), weights=weights)
    answer = Maximise(units=(0, 1), steps=100).answer(network, {})
    assert answer["images"][0, 0].ravel().tolist() == [float(value > 0) for value in row]
    assert answer["images"][1, 0].ravel().tolist() == [float(value < 0) for value in row]
    assert answer["values"][-1].tolist() == [40, 41]
    assert answer["probability"] == pytest.approx(1)
    assert answer["variation"].tolist() == [1, 1]


def test_a_cell_a_map_and_a_unit_inside_are_raised():
    network = trained(*PADDED)
    for question in (
        Maximise(units=(0, 1), layer="conv2", steps=30),
        Maximise(units=(2,), layer="conv2", cell=(1, 1), steps=30),
        Maximise(units=(3,), layer="dense1", steps=30),
    ):
        answer = question.answer(network, {})
        assert (answer["values"][-1] > answer["values"][0]).all()
        full = network.model.activations(answer["images"])[question.layer]
        for number, unit in enumerate(question.units):
            seen = full[number, unit]
            expected = seen[question.cell] if question.cell else seen.mean()
            assert answer["values"][-1, number] == pytest.approx(float(expected))
    outside = answer["images"]
    assert 0 <= outside.min() <= outside.max() <= 1


def test_black_and_white_may_be_any_numbers():
    weights = {"dense1.weights": np.ones((2, 81)), "dense1.biases": np.zeros(2)}
    network = trained(Flatten(), Dense(units=2), weights=weights)
    low, high = np.full((1, 9, 9), -3.0), np.full((1, 9, 9), 5.0)
    answer = Maximise(units=(0,), steps=100).answer(network, {"low": low, "high": high})
    assert answer["images"].min() == 1
    assert answer["values"][-1, 0] == 81 * 5
