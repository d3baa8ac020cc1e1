"""What changed between two networks."""

from hypothesis import given, settings, strategies as st

from core.experiment import presets
from core.network.costs import parameters
from core.network.diff import difference
from core.network.initializers import Normal
from core.network.layers import Activation, Conv2D, Dense, Dropout, Flatten, Pool
from core.network.network import Network
from core.network.shapes import trace


CONV, RELU, POOL = (
    Conv2D(name="conv1", filters=4, kernel_size=5),
    Activation(name="act1", function="relu"),
    Pool(name="pool1"),
)
END = [Flatten(name="flatten1"), Dense(name="dense1", units=10)]


def network(*layers):
    return Network(input_shape=(1, 28, 28), layers=layers)


def told(before, after):
    """{(name before, name after): what changed} of the layers that did."""
    return {
        (
            pair.before.step.layer.name if pair.before else None,
            pair.after.step.layer.name if pair.after else None,
        ): pair.words
        for pair in difference(before, after)
        if pair.words
    }


def test_a_network_does_not_differ_from_itself():
    assert told(network(CONV, RELU, *END), network(CONV, RELU, *END)) == {}


def test_a_changed_layer_says_each_field_as_it_was_and_is():
    other = CONV.model_copy(
        update={"filters": 2_000, "kernel_size": (3, 5), "weights": Normal(std=0.5), "padding": "same"}
    )
    assert told(network(CONV, *END), network(other, *END)) == {
        ("conv1", "conv1"): [
            "filters 4 -> 2,000",
            "kernel size 5 x 5 -> 3 x 5",
            "padding valid -> same",
            "weights glorot uniform -> normal (std 0.5)",
        ]
    }


def test_layers_that_are_new_or_gone_stand_where_they_are_or_were():
    result = difference(network(CONV, RELU, *END), network(CONV, POOL, *END))
    assert [(pair.words, (pair.after or pair.before).step.layer.name) for pair in result] == [
        ([], "conv1"),
        (["removed"], "act1"),
        (["added"], "pool1"),
        ([], "flatten1"),
        ([], "dense1"),
    ]
    assert [pair.parameters for pair in result] == [0, 0, 0, 0, 10 * 4 * 12 * 12 - 10 * 4 * 24 * 24]


def test_of_two_layers_that_changed_places_one_has_moved():
    result = told(network(CONV, RELU, POOL, *END), network(CONV, POOL, RELU, *END))
    assert result == {("act1", "act1"): ["moved"]}


def test_a_layer_with_another_name_is_found_by_its_kind_and_order():
    renamed = CONV.model_copy(update={"name": "edges"})
    assert told(network(CONV, *END), network(renamed, *END)) == {("conv1", "edges"): ["name conv1 -> edges"]}


def test_a_name_on_another_kind_is_another_layer():
    before, after = network(Dropout(name="x", rate=0.5), *END), network(Activation(name="x", function="relu"), *END)
    assert told(before, after) == {("x", None): ["removed"], (None, "x"): ["added"]}


some = st.sampled_from(presets.names()).map(lambda name: presets.get(name).network((1, 32, 32), 10))


@given(before=some, after=some)
@settings(max_examples=30, deadline=None)
def test_the_differences_of_all_layers_are_the_difference_of_the_networks(before, after):
    result = difference(before, after)
    assert sum(pair.parameters for pair in result) == parameters(after) - parameters(before)
    assert [pair.after.step.layer for pair in result if pair.after] == [step.layer for step in trace(after)]
    assert {pair.before.step.layer.name for pair in result if pair.before} == {
        step.layer.name for step in trace(before)
    }
