"""Parameters, multiply-adds, bytes and receptive fields, against the lectures' counts."""

import pytest

from core.experiment import presets
from core.experiment.experiment import ExperimentError
from core.network.costs import connections, costs, fans, parameters, training_bytes, units
from core.network.layers import (
    BatchNorm,
    Bias,
    Conv2D,
    Dense,
    Flatten,
    GlobalAveragePool,
    LocallyConnected,
    Pool,
)
from core.network.network import Network
from core.network.shapes import NetworkError, output_shape, trace
from tests.support import golden


def network(*layers, shape=(1, 28, 28)):
    return Network(input_shape=shape, layers=layers)


@pytest.mark.parametrize("name, count", golden.G14_PRESETS.items())
def test_a_preset_has_its_known_number_of_parameters(name, count):
    assert parameters(presets.get(name).network()) == count


def test_every_preset_is_counted():
    assert set(presets.names()) == set(golden.G14_PRESETS)


@pytest.mark.parametrize(
    "name, counts",
    [
        ("dense-500-50-10", (392_500, 25_050, 510)),
        ("small-keras-cnn", (320, 250_890)),
        ("live-cnn", (320, 9_248, 589_952, 1_290)),
        ("network3-first-cnn", (520, 288_100, 1_010)),
    ],
)
def test_each_layer_of_a_preset_has_its_known_count(name, counts):
    assert tuple(cost.parameters for cost in costs(presets.get(name).network()) if cost.parameters) == counts


def test_weights_are_shared_by_all_positions():
    conv, dense = (
        costs(network(Conv2D(filters=1, kernel_size=5)))[0],
        costs(network(Flatten(), Dense(units=24 * 24)))[1],
    )
    assert conv.multiply_adds == 14_400
    assert conv.parameters == 25 + 1
    assert dense.multiply_adds == 451_584


def test_the_lectures_layers_have_their_counts():
    assert parameters(network(Conv2D(filters=6, kernel_size=5), shape=(3, 32, 32))) == 456
    quiz = network(
        Conv2D(filters=10, kernel_size=5, padding="same"),
        Pool(),
        Conv2D(filters=8, kernel_size=3, padding="same"),
        Pool(),
        Flatten(),
        Dense(units=100),
        shape=(3, 32, 32),
    )
    assert [cost.parameters for cost in costs(quiz) if cost.parameters] == [760, 728, 51_300]
    deck = network(Conv2D(filters=3, kernel_size=5), Pool(), Flatten(), Dense(units=10))
    assert parameters(deck) == 4_408


def test_a_count_comes_with_its_arithmetic():
    layer_costs = costs(network(Conv2D(filters=20, kernel_size=5), Pool(), Flatten(), Dense(units=100)))
    assert [cost.parameter_text for cost in layer_costs] == [
        "20 * 1 * 5 * 5 + 20 = 520",
        "0",
        "0",
        "100 * 2,880 + 100 = 288,100",
    ]


@pytest.mark.parametrize(
    "layers, seen",
    [
        (
            [Conv2D(filters=20, kernel_size=5), Pool(), Conv2D(filters=40, kernel_size=5), Pool()],
            [(5, 1), (6, 2), (14, 2), (16, 4)],
        ),
        ([Conv2D(filters=32, kernel_size=3), Conv2D(filters=32, kernel_size=3), Pool()], [(3, 1), (5, 1), (6, 2)]),
        ([Conv2D(filters=12, kernel_size=5, stride=2), Conv2D(filters=12, kernel_size=5, stride=2)], [(5, 2), (13, 4)]),
        (
            [Conv2D(filters=1, kernel_size=3, dilation=2), Conv2D(filters=1, kernel_size=3, dilation=4)],
            [(5, 1), (13, 1)],
        ),
    ],
)
def test_receptive_fields_and_jumps_are_known(layers, seen):
    layer_costs = costs(network(*layers))
    assert [(cost.receptive_field, cost.jump) for cost in layer_costs] == [((f, f), (j, j)) for f, j in seen]


def test_after_flatten_everything_is_seen():
    assert [cost.receptive_field for cost in costs(network(Flatten(), Dense(units=1)))] == [None, None]


def test_bytes_are_counted_from_the_numbers():
    net = network(Flatten(), Dense(units=2), shape=(1, 2, 2))
    assert costs(net)[1].activation_bytes == 2 * 4
    assert training_bytes(net, batch=10, slots=2) == 10 * 4 * 4 + 2 * 10 * (4 + 4 + 2) * 4


@pytest.mark.parametrize("name", presets.names())
@pytest.mark.parametrize("shape", [(1, 28, 28), (1, 16, 16), (3, 32, 32), (1, 48, 48)], ids=str)
def test_a_preset_meets_all_data_with_a_network_or_a_refusal(name, shape):
    try:
        assert output_shape(presets.get(name).network(shape, 7)) == (7,)
    except NetworkError as refusal:
        assert refusal.repairs


def test_an_unknown_preset_is_answered_with_the_known_ones():
    with pytest.raises(ExperimentError, match="live-cnn"):
        presets.get("resnet")


def test_a_preset_becomes_an_experiment_on_a_data_set():
    experiment = presets.experiment("network3-dense", "digits", seed=3)
    assert experiment.seed == 3
    assert experiment.data.name == "digits"
    assert output_shape(experiment.network) == (10,)


def test_the_zip_net_has_the_papers_numbers():
    net = presets.get("zip-net").network()
    layer_costs = {cost.step.layer.name: cost for cost in costs(net)}
    learning = [layer_costs[name] for name in ("h1", "h2", "h3", "output")]
    assert tuple(cost.parameters for cost in learning) == golden.G14_ZIP["layers"]
    assert (units(net), connections(net)) == (golden.G14_ZIP["units"], golden.G14_ZIP["connections"])
    assert [cost.step.output for cost in learning] == [(12, 8, 8), (12, 4, 4), (30,), (10,)]
    assert [(cost.receptive_field, cost.jump) for cost in learning[:2]] == [((5, 5), (2, 2)), ((13, 13), (4, 4))]
    assert layer_costs["h1"].parameter_text == "12 * 1 * 5 * 5 + 12 * 8 * 8 = 1,068"


@pytest.mark.parametrize(
    "layer, parameters_, multiply_adds, connections_",
    [
        (Conv2D(filters=4, kernel_size=3), 4 * 18 + 4, 4 * 18 * 25, (4 * 18 + 4) * 25),
        (Conv2D(filters=4, kernel_size=3, bias="per unit"), 4 * 18 + 100, 4 * 18 * 25, 4 * 18 * 25 + 100),
        (Conv2D(filters=4, kernel_size=3, bias="none", inputs_per_filter=1), 4 * 9, 4 * 9 * 25, 4 * 9 * 25),
        (LocallyConnected(filters=4, kernel_size=3), 4 * 18 * 25 + 100, 4 * 18 * 25, 4 * 18 * 25 + 100),
        (
            LocallyConnected(filters=4, kernel_size=3, bias="per channel"),
            4 * 18 * 25 + 4,
            4 * 18 * 25,
            4 * 18 * 25 + 100,
        ),
        (Bias(), 2, 0, 2 * 49),
        (Bias(bias="per unit"), 2 * 49, 0, 2 * 49),
        (BatchNorm(), 4, 2 * 49, 4 * 49),
        (GlobalAveragePool(), 0, 0, 0),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_parameters_their_uses_and_multiply_adds(layer, parameters_, multiply_adds, connections_):
    (cost,) = costs(network(layer, shape=(2, 7, 7)))
    assert (cost.parameters, cost.multiply_adds, cost.connections) == (parameters_, multiply_adds, connections_)


def test_a_dense_layer_uses_each_parameter_once():
    _, with_bias = costs(network(Flatten(), Dense(units=3), shape=(1, 2, 2)))
    _, without = costs(network(Flatten(), Dense(units=3, bias="none"), shape=(1, 2, 2)))
    assert (with_bias.connections, without.connections, without.parameters) == (15, 12, 12)


def test_the_lectures_parameter_ladder_falls_from_dense_to_local_to_shared():
    """28x28 to 24x24 with fields of 5x5, without biases: 451,584 lines, 14,400 kernels' cells, 25 shared weights."""
    local, conv = LocallyConnected(filters=1, kernel_size=5, bias="none"), Conv2D(filters=1, kernel_size=5, bias="none")
    layers = [[Flatten(), Dense(units=576, bias="none")], [local], [conv]]
    assert [parameters(network(*some)) for some in layers] == [451_584, 14_400, 25]
    assert [connections(network(*some)) for some in layers] == [451_584, 14_400, 14_400]


def test_fans_count_what_a_unit_is_joined_to():
    steps = trace(presets.get("zip-net").network())
    assert {step.layer.name: fans(step) for step in steps if step.layer.name in ("h1", "h2", "h3")} == {
        "h1": (25, 300),
        "h2": (200, 200),
        "h3": (192, 30),
    }


def test_a_global_pool_sees_everything():
    layer_costs = costs(network(Conv2D(filters=3, kernel_size=3), BatchNorm(), GlobalAveragePool()))
    assert [cost.receptive_field for cost in layer_costs] == [(3, 3), (3, 3), None]
