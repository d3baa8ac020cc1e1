"""Parameters, multiply-adds, bytes and receptive fields, against the lectures' counts."""

import pytest

from core.experiment import ExperimentError
from core.network import presets
from core.network.counting import costs, parameters, training_bytes
from core.network.layers import Conv2D, Dense, Flatten, Pool
from core.network.network import Network
from core.network.shapes import NetworkError, output_shape
from tests import golden


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
    assert tuple(bill.parameters for bill in costs(presets.get(name).network()) if bill.parameters) == counts


def test_weights_are_shared_by_all_positions():
    conv, dense = costs(network(Conv2D(maps=1, kernel=5)))[0], costs(network(Flatten(), Dense(units=24 * 24)))[1]
    assert conv.multiply_adds == 14_400 and conv.parameters == 25 + 1
    assert dense.multiply_adds == 451_584


def test_the_lectures_layers_have_their_counts():
    assert parameters(network(Conv2D(maps=6, kernel=5), shape=(3, 32, 32))) == 456
    quiz = network(
        Conv2D(maps=10, kernel=5, padding="same"),
        Pool(),
        Conv2D(maps=8, kernel=3, padding="same"),
        Pool(),
        Flatten(),
        Dense(units=100),
        shape=(3, 32, 32),
    )
    assert [bill.parameters for bill in costs(quiz) if bill.parameters] == [760, 728, 51_300]
    deck = network(Conv2D(maps=3, kernel=5), Pool(), Flatten(), Dense(units=10))
    assert parameters(deck) == 4_408


def test_a_count_comes_with_its_arithmetic():
    bills = costs(network(Conv2D(maps=20, kernel=5), Pool(), Flatten(), Dense(units=100)))
    assert [bill.parameter_text for bill in bills] == [
        "20 * 1 * 5 * 5 + 20 = 520",
        "0",
        "0",
        "100 * 2,880 + 100 = 288,100",
    ]


@pytest.mark.parametrize(
    "layers, seen",
    [
        ([Conv2D(maps=20, kernel=5), Pool(), Conv2D(maps=40, kernel=5), Pool()], [(5, 1), (6, 2), (14, 2), (16, 4)]),
        ([Conv2D(maps=32, kernel=3), Conv2D(maps=32, kernel=3), Pool()], [(3, 1), (5, 1), (6, 2)]),
        ([Conv2D(maps=12, kernel=5, stride=2), Conv2D(maps=12, kernel=5, stride=2)], [(5, 2), (13, 4)]),
        ([Conv2D(maps=1, kernel=3, dilation=2), Conv2D(maps=1, kernel=3, dilation=4)], [(5, 1), (13, 1)]),
    ],
)
def test_receptive_fields_and_jumps_are_known(layers, seen):
    bills = costs(network(*layers))
    assert [(bill.receptive_field, bill.jump) for bill in bills] == [((f, f), (j, j)) for f, j in seen]


def test_after_flatten_everything_is_seen():
    assert [bill.receptive_field for bill in costs(network(Flatten(), Dense(units=1)))] == [None, None]


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
    assert experiment.seed == 3 and experiment.data.name == "digits"
    assert output_shape(experiment.network) == (10,)
