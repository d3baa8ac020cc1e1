"""A network as columns: what is drawn together, what feeds what, and where parallel paths lie."""

import pytest

from core.experiment import presets
from core.network.blocks import Branches, Residual
from core.network.columns import INPUT, groups
from core.network.layers import Activation, BatchNorm, Conv2D, Dense, Dropout, Flatten, GlobalAveragePool, Pool
from core.network.network import Network
from core.network.shapes import trace


RELU = Activation(function="relu")


def drawn(*layers, shape=(1, 12, 12)):
    return groups(Network(input_shape=shape, layers=layers))


def test_what_follows_cell_by_cell_is_drawn_with_its_layer_and_flatten_with_the_next():
    found = drawn(
        Conv2D(filters=4, kernel_size=5), BatchNorm(), RELU, Pool(), Flatten(), Dense(units=6), Dropout(rate=0.5)
    )
    assert [group.layers for group in found] == [
        ["conv1", "norm1", "act1"],
        ["pool1"],
        ["flatten1", "dense1", "dropout1"],
    ]
    assert [group.sources for group in found] == [(INPUT,), ("act1",), ("pool1",)]
    assert [group.main for group in found] == ["conv1", "pool1", "dense1"]
    assert [group.shape for group in found] == [(4, 8, 8), (4, 4, 4), (6,)]
    assert [group.column for group in found] == [1, 2, 3]
    assert [group.about for group in found] == [{"function": "relu"}, {"mode": "max"}, {}]


def test_a_network_that_begins_with_flatten_reads_the_image():
    assert drawn(Flatten(), Dense(units=3))[0].sources == (INPUT,)


def test_a_residual_block_has_its_path_and_a_sum_that_also_reads_the_shortcut():
    conv = Conv2D(filters=4, kernel_size=3, padding="same")
    found = drawn(conv, RELU, Residual(layers=(conv, RELU, conv)), RELU, GlobalAveragePool(), Dense(units=2))
    assert [group.main for group in found] == ["conv1", "conv2", "conv3", "residual1", "mean1", "dense1"]
    total = found[3]
    assert total.layers == ["residual1", "act3"]
    assert total.sources == ("conv3", "act1")
    assert total.column == 4


def test_branches_lie_in_lanes_side_by_side_and_an_empty_one_passes_on_its_source():
    conv = Conv2D(filters=2, kernel_size=3, padding="same")
    found = drawn(conv, Branches(rows=((conv,), (conv, conv), ())))
    assert [(group.main, group.column, group.lane) for group in found] == [
        ("conv1", 1, 0),
        ("conv2", 2, 0),
        ("conv3", 2, 1),
        ("conv4", 3, 1),
        ("branches1", 4, 0),
    ]
    assert found[-1].sources == ("conv2", "conv4", "conv1")


@pytest.mark.parametrize("name", presets.names())
def test_every_layer_of_every_preset_is_in_one_group(name):
    network = presets.get(name).network()
    names = [layer for group in groups(network) for layer in group.layers]
    assert sorted(names) == sorted(step.layer.name for step in trace(network))
