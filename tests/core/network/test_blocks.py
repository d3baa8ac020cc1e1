"""Blocks made of layers: their names, shapes, costs and JSON, and refusals that say what to do."""

import json

import numpy as np
import pytest
from pydantic import ValidationError

import backends
from core.data.recipe import DataRecipe
from core.experiment.experiment import Experiment, ExperimentError, from_json
from core.figures.blocks import drawing
from core.network.blocks import Branches, Residual
from core.network.costs import costs, parameters, training_bytes
from core.network.initial_weights import initial_weights
from core.network.initializers import HeNormal
from core.network.layers import Activation, Conv2D, Dense, Dropout, Flatten, Pool
from core.network.network import Network
from core.network.shapes import NetworkError, flat, outline, trace
from core.network.training_order import training_order
from core.numerics.penalties import by_weight
from core.recipe.optimizers import SGD
from core.recipe.penalties import Penalties, Penalty
from core.recipe.training import TrainingRecipe
from core.runs.comparison import what_differs


def network(*layers, shape=(8, 24, 24)):
    return Network(input_shape=shape, layers=layers)


def same(maps, kernel=3, **options):
    return Conv2D(filters=maps, kernel_size=kernel, padding="same", **options)


def relu():
    return Activation(function="relu")


def names(steps):
    return [step.layer.name for step in steps]


def refusal(*layers, shape=(8, 24, 24)) -> NetworkError:
    with pytest.raises(NetworkError) as raised:
        trace(network(*layers, shape=shape))
    return raised.value


def test_data_goes_through_what_is_within_a_block_and_then_comes_together():
    result = network(same(8), Residual(layers=[same(8), Branches(rows=[[same(4)], [], [relu()]]), same(8)]), Flatten())
    assert names(trace(result)) == ["conv1", "conv2", "conv3", "act1", "branches1", "conv4", "residual1", "flatten1"]
    assert names(outline(result)) == ["conv1", "residual1", "flatten1"]


def test_the_nameless_get_names_that_nothing_in_any_block_has():
    result = network(same(8), Residual(layers=[same(8, name="conv1")]), Branches(rows=[[same(1)], [same(1)]]))
    assert [step.layer.name for step in trace(result) if step.layer.kind == "conv2d"] == [
        "conv2",
        "conv1",
        "conv3",
        "conv4",
    ]
    assert Network.model_validate_json(result.model_dump_json()) == result


def test_one_name_in_two_branches_is_refused():
    with pytest.raises(ValidationError, match="2 layers have this name"):
        network(Branches(rows=[[same(1, name="a")], [same(1, name="a")]]))


def test_four_blocks_one_within_the_other_are_refused():
    block = Residual(layers=[relu()])
    for _ in range(2):
        block = Residual(layers=[block])
    assert network(block)
    with pytest.raises(ValidationError, match="blocks are nested 4 deep"):
        network(Residual(layers=[block]))


def test_layers_within_blocks_count_towards_the_most_there_can_be():
    with pytest.raises(ValidationError, match="240 layers"):
        network(*[Residual(layers=[relu()] * 4)] * 48)


@pytest.mark.parametrize(
    "size, stride, made", [(24, 1, 24), (24, 2, 12), (25, 2, 13), (24, 3, 8), (7, 4, 2), (5, 5, 1)]
)
def test_a_1x1_shortcut_has_the_stride_that_fits(size, stride, made):
    result = network(
        Residual(layers=[same(16, stride=stride)], shortcut="1x1", weights=HeNormal()), shape=(8, size, size)
    )
    block = outline(result)[0]
    (shortcut,) = block.rows[1]
    assert shortcut.layer.name == "residual1.shortcut"
    assert shortcut.layer.weights == HeNormal()
    assert (shortcut.layer.stride, shortcut.output, block.output) == ((stride, stride), *[(16, made, made)] * 2)


def test_a_sum_and_a_join_come_with_their_arithmetic():
    result = trace(
        network(Residual(layers=[relu()]), Branches(rows=[[same(16)], [], [Pool(window=3, stride=1, padding="same")]]))
    )
    assert result[1].arithmetic == "(8 x 24 x 24) + (8 x 24 x 24), element by element"
    assert (result[-1].arithmetic, result[-1].output) == ("16 + 8 + 8 = 32, one after the other", (32, 24, 24))


@pytest.mark.parametrize(
    "block, culprit, words, repair",
    [
        (Residual(layers=[same(16, stride=2)]), "residual1", "output (16, 12, 12)", "the 1x1 shortcut"),
        (Residual(layers=[Conv2D(filters=8, kernel_size=3)]), "residual1", "its input (8, 24, 24)", 'padding "same"'),
        (Residual(layers=[same(4)]), "residual1", "output (4, 24, 24)", "give conv1 8 filters"),
        (
            Residual(layers=[Conv2D(filters=8, kernel_size=3)], shortcut="1x1"),
            "residual1",
            "24 x 24 cells into 22 x 22",
            'padding "same"',
        ),
        (Residual(layers=[Flatten()]), "residual1", "output (4608,)", "Flatten out of the block"),
        (Residual(layers=[Flatten()], shortcut="1x1"), "residual1", "needs feature maps", "identity"),
        (Residual(), "residual1", "without layers", "remove the block"),
        (Residual(layers=[same(8), Conv2D(filters=8, kernel_size=30)]), "conv2", "30", "kernel of at most 24"),
        (Branches(rows=[[same(1)]]), "branches1", "at least two branches", "empty branch"),
        (Branches(rows=[[], [Pool()]]), "branches1", "branch 2 outputs (8, 12, 12)", 'padding "same"'),
        (Branches(rows=[[], [Residual(layers=[Dense(units=3)])]]), "dense1", "(8, 24, 24)", "Flatten"),
    ],
)
def test_a_refusal_names_the_block_or_the_layer_within_it_and_what_to_do(block, culprit, words, repair):
    result = refusal(block)
    assert result.layer == culprit
    assert words in result.problem
    assert any(repair in str(proposed) for proposed in result.repairs)
    assert all(result.repairs)


def test_the_proposed_1x1_shortcut_mends_the_block():
    block = Residual(layers=[same(16, stride=2), relu(), same(16)])
    assert "use the 1x1 shortcut, which strides too" in map(str, refusal(block).repairs)
    assert trace(network(block.model_copy(update={"shortcut": "1x1"})))[-1].output == (16, 12, 12)


def test_numbers_add_up_only_with_as_many_numbers():
    result = refusal(Flatten(), Dense(units=5), Residual(layers=[Dense(units=4)]))
    assert list(map(str, result.repairs)) == ["give dense2 5 units"]


def test_a_block_costs_what_is_within_it_and_memory_for_its_output():
    layer_costs = {
        cost.step.layer.name: cost for cost in costs(network(Residual(layers=[same(16, stride=2)], shortcut="1x1")))
    }
    conv, shortcut, block = 16 * 8 * 9 + 16, 16 * 8 + 16, layer_costs["residual1"]
    assert (layer_costs["conv1"].parameters, layer_costs["residual1.shortcut"].parameters) == (conv, shortcut)
    assert (block.parameters, block.parameters_inside) == (0, conv + shortcut)
    assert layer_costs["residual1.shortcut"].multiply_adds == 16 * 8 * 12 * 12
    assert block.multiply_adds == 0
    subject = network(Residual(layers=[same(16, stride=2)], shortcut="1x1"))
    assert parameters(subject) == conv + shortcut
    numbers = 8 * 24 * 24 + 3 * 16 * 12 * 12
    assert training_bytes(subject, batch=1) == 4 * (2 * (conv + shortcut) + 2 * numbers)


def test_a_join_sees_what_its_widest_branch_sees():
    rows = [[], [same(1, 5)], [same(1, 3), same(1, 3), same(1, 3)], [same(1, (1, 9))]]
    block = costs(network(same(8, 3, stride=2), Branches(rows=rows), same(1, 3)))
    sees = {cost.step.layer.name: (cost.receptive_field, cost.jump) for cost in block}
    assert sees["conv2"] == ((3 + 2 * 4, 3 + 2 * 4), (2, 2))
    assert sees["branches1"] == ((3 + 2 * 6, 3 + 2 * 8), (2, 2))
    assert sees["conv7"] == ((3 + 2 * 8, 3 + 2 * 10), (2, 2))


def test_a_branch_of_dense_layers_sees_everything():
    layer_costs = costs(network(Flatten(), Branches(rows=[[], [Dense(units=2)]])))
    assert layer_costs[-1].receptive_field is None


def test_weights_are_drawn_by_name_and_not_by_place():
    inside, before = same(8, name="a"), same(8, name="b")
    drawn = [initial_weights(network(*layers), 3) for layers in ((inside,), (before, Residual(layers=[inside])))]
    assert (drawn[0]["a.weights"] == drawn[1]["a.weights"]).all()
    block = initial_weights(network(Residual(layers=[same(4)], shortcut="1x1")), 3)
    assert {name: w.shape for name, w in block.items() if "shortcut" in name} == {
        "residual1.shortcut.weights": (4, 8, 1, 1),
        "residual1.shortcut.biases": (4,),
    }


def test_penalties_find_the_weights_within_blocks():
    subject = network(Residual(layers=[same(4)], shortcut="1x1"), Flatten(), Dense(units=2))
    penalties = Penalties(conv=Penalty(l2=1), output=Penalty(l2=2))
    assert {
        name: penalty.l2 for name, penalty in by_weight(subject, TrainingRecipe(penalties=penalties), 1).items()
    } == {
        "conv1.weights": 1,
        "residual1.shortcut.weights": 1,
        "dense1.weights": 2,
    }


def test_max_pools_go_before_their_relu_within_blocks_too():
    result = training_order(network(Branches(rows=[[relu(), Pool(padding="same")], [Pool()]])))
    assert names(flat(result)) == ["pool1", "act1", "pool2", "branches1"]


def experiment(*layers) -> Experiment:
    return Experiment(
        data=DataRecipe(name="digits"), network=network(*layers, Flatten(), Dense(units=10), shape=(1, 28, 28))
    )


def test_an_experiment_with_blocks_goes_through_json():
    it = experiment(Branches(rows=[[same(2), Residual(layers=[same(2), Dropout(rate=0.5)])], []]))
    assert from_json(it.to_json()) == it
    assert from_json(it.to_json()).hash == it.hash


def test_a_network_whose_only_learner_stands_in_a_block_can_be_trained():
    layers = [Flatten(), Branches(rows=[[Dense(units=5)], [Dense(units=5)]])]
    it = Experiment(
        data=DataRecipe(name="digits"),
        network=Network(input_shape=(1, 28, 28), layers=layers),
        training=TrainingRecipe(optimizer=SGD(learning_rate=0.1)),
    )
    weights = initial_weights(it.network, it.seed)
    model = backends.load("reference").build(it.network, weights, it.training)
    model.load(np.random.default_rng(1).random((4, 1, 28, 28), np.float32), np.array([0, 3, 5, 9]))
    first, second = model.steps(np.array([[0, 1, 2, 3]] * 2), np.array([0.1, 0.1]), {})
    assert second < first
    assert all((w != weights[name]).any() for name, w in model.state().weights.items())


@pytest.mark.parametrize(
    "path, value, where",
    [
        ((0, "layers", 0, "filters"), 0, "layer 1 (residual), layer 1 (conv2d), filters"),
        ((0, "shortcut"), "long", "layer 1 (residual), shortcut"),
        ((1, "rows", 1, 0, "kernel_size"), "x", "layer 2 (branches), branch 2, layer 1 (conv2d), kernel_size"),
    ],
)
def test_a_wrong_field_within_a_block_is_found(path, value, where):
    document = json.loads(experiment(Residual(layers=[same(1)]), Branches(rows=[[], [same(1)]])).to_json())
    position = document["network"]["layers"]
    for key in path[:-1]:
        position = position[key]
    position[path[-1]] = value
    with pytest.raises(ExperimentError) as raised:
        from_json(json.dumps(document))
    assert where in str(raised.value)


def test_what_differs_within_a_block_goes_by_its_path():
    one, other = (
        experiment(Branches(rows=[[same(maps)], [Residual(layers=[same(1, k)])]])) for maps, k in ((2, 3), (3, 5))
    )
    assert dict(what_differs([one, other])) == {
        "network.layers.branches1.rows.branch 1.conv1.filters": ["2", "3"],
        "network.layers.branches1.rows.branch 2.residual1.layers.conv2.kernel_size": ["3 x 3", "5 x 5"],
    }


@pytest.mark.parametrize(
    "layers", [3, [3, None, "x"], [{"kind": "residual", "layers": 5}], [{"kind": "branches", "rows": [1]}]]
)
def test_whatever_stands_where_layers_should_is_refused(layers):
    document = json.loads(experiment().to_json())
    document["network"]["layers"] = layers
    with pytest.raises(ExperimentError):
        from_json(json.dumps(document))


def test_the_drawing_says_what_comes_together():
    subject = network(Branches(rows=[[Residual(layers=[same(8)])], []]))
    html = drawing(subject.input_shape, costs(subject))
    assert (
        "branches1 16 × 24 × 24 (join of: residual1 8 × 24 × 24 (sum of: conv1 8 × 24 × 24; the input itself); the"
        in html
    )
    assert html.count("the input itself ⟶") == 2
