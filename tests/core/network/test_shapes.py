"""Shapes with their arithmetic, and refusals that say what to do."""

import pytest
from hypothesis import assume, given, settings, strategies as st
from pydantic import ValidationError

from core.network.layers import Activation, Conv2D, Dense, Dropout, Flatten, Pool
from core.network.network import Network
from core.network.shapes import NetworkError, output_shape, pads, reach, trace
from tests.support import golden


def network(*layers, shape=(1, 28, 28)):
    return Network(input_shape=shape, layers=layers)


def last(*layers, shape=(1, 28, 28)):
    return trace(network(*layers, shape=shape))[-1]


def sizes(*layers, shape):
    return [step.output for step in trace(network(*layers, shape=shape))]


@pytest.mark.parametrize("numbers, size", golden.G31)
def test_sizes_are_those_of_the_lectures(numbers, size):
    n, k, p, s = numbers
    assert last(Conv2D(filters=1, kernel_size=k, padding=p, stride=s), shape=(1, n, n)).output == (1, size, size)


@pytest.mark.parametrize(
    "layer, arithmetic",
    [
        (Conv2D(filters=20, kernel_size=5), "(28 - 5 + 2*0) / 1 + 1 = 24; 20 filters -> 20 maps"),
        (Conv2D(filters=2, kernel_size=3, padding="same"), "(28 - 3 + 2*1) / 1 + 1 = 28; 2 filters -> 2 maps"),
        (Conv2D(filters=2, kernel_size=2, padding="same"), "(28 - 2 + 0 + 1) / 1 + 1 = 28; 2 filters -> 2 maps"),
        (Conv2D(filters=1, kernel_size=3, stride=2), "floor((28 - 3 + 2*0) / 2) + 1 = 13; 1 filter -> 1 map"),
        (Conv2D(filters=1, kernel_size=3, dilation=2), "(28 - [(3 - 1)*2 + 1] + 2*0) / 1 + 1 = 24; 1 filter -> 1 map"),
        (Pool(window=2), "(28 - 2 + 2*0) / 2 + 1 = 14"),
        (
            Pool(window=(2, 3)),
            "height (28 - 2 + 2*0) / 2 + 1 = 14, width floor((28 - 3 + 2*0) / 3) + 1 = 9",
        ),
        (Flatten(), "1 * 28 * 28 = 784"),
        (Conv2D(filters=1, kernel_size=3, padding=20_000), "(28 - 3 + 2*20,000) / 1 + 1 = 40,026; 1 filter -> 1 map"),
        (Dropout(rate=0.5), "the shape stays the same"),
    ],
    ids=lambda value: getattr(value, "kind", ""),
)
def test_a_shape_comes_with_its_arithmetic(layer, arithmetic):
    assert last(layer).arithmetic == arithmetic


def test_dense_layers_take_lists_and_give_lists():
    step = last(Flatten(), Dense(units=7))
    assert (step.input, step.output, step.arithmetic) == ((784,), (7,), "784 numbers -> 7 units")


def test_maxout_divides_the_channels():
    step = last(Conv2D(filters=6, kernel_size=1), Activation(function="maxout", pieces=3))
    assert (step.output, step.arithmetic) == ((2, 28, 28), "6 / 3 = 2")


def test_the_lectures_networks_have_their_shapes():
    theano = [Conv2D(filters=20, kernel_size=5), Pool(), Conv2D(filters=50, kernel_size=5), Pool(), Flatten()]
    assert [shape[-1] for shape in sizes(*theano, shape=(3, 32, 32))] == [28, 14, 10, 5, 1250]
    same = [
        Conv2D(filters=20, kernel_size=5, padding="same"),
        Pool(),
        Conv2D(filters=50, kernel_size=5, padding="same"),
        Pool(),
        Flatten(),
    ]
    assert [shape[-1] for shape in sizes(*same, shape=(3, 32, 32))] == [32, 16, 16, 8, 3200]
    live = [Conv2D(filters=32, kernel_size=3), Conv2D(filters=32, kernel_size=3), Pool(), Flatten()]
    assert [shape[-1] for shape in sizes(*live, shape=(1, 28, 28))] == [26, 24, 12, 4608]
    quiz = [
        Conv2D(filters=10, kernel_size=5, padding="same"),
        Pool(),
        Conv2D(filters=8, kernel_size=3, padding="same"),
        Pool(),
        Flatten(),
    ]
    assert sizes(*quiz, shape=(3, 32, 32)) == [(10, 32, 32), (10, 16, 16), (8, 16, 16), (8, 8, 8), (512,)]


def test_the_surplus_of_same_is_below_and_on_the_right():
    assert pads(Conv2D(filters=1, kernel_size=(2, 4), padding="same"), 6, 6) == ((0, 1), (1, 2))
    assert pads(Conv2D(filters=1, kernel_size=3, padding="same", stride=2), 6, 7) == ((0, 1), (1, 1))


cells = st.integers(1, 12)
few = st.integers(1, 5)


@given(size=cells, kernel=few, stride=few, dilation=st.integers(1, 3))
@settings(max_examples=60, deadline=None)
def test_same_gives_one_output_a_stride(size, kernel, stride, dilation):
    layer = Conv2D(filters=1, kernel_size=kernel, stride=stride, dilation=dilation, padding="same")
    assert last(layer, shape=(1, size, size)).output == (1, *[-(-size // stride)] * 2)


@given(size=cells, kernel=few, dilation=st.integers(1, 3))
@settings(max_examples=40, deadline=None)
def test_full_meets_every_overlap(size, kernel, dilation):
    layer = Conv2D(filters=1, kernel_size=kernel, dilation=dilation, padding="full")
    assert last(layer, shape=(1, size, size)).output[1] == size + reach(kernel, dilation) - 1


@given(size=cells, kernel=few, stride=few)
@settings(max_examples=40, deadline=None)
def test_valid_counts_the_places_where_the_kernel_fits(size, kernel, stride):
    assume(kernel <= size)
    layer = Conv2D(filters=1, kernel_size=kernel, stride=stride)
    positions = [index for index in range(0, size, stride) if index + kernel <= size]
    assert last(layer, shape=(1, size, size)).output[1] == len(positions)


@pytest.mark.parametrize(
    "layers, culprit, numbers",
    [
        ([Conv2D(filters=1, kernel_size=29)], "conv1", ["29", "28"]),
        (
            [Conv2D(filters=1, kernel_size=(3, 9), dilation=(1, 4), padding=1)],
            "conv1",
            ["33", "width of 28 + 2 padding"],
        ),
        ([Pool(window=20), Pool(window=2)], "pool2", ["2", "1"]),
        ([Dense(units=3)], "dense1", ["(1, 28, 28)"]),
        ([Flatten(), Conv2D(filters=1, kernel_size=3)], "conv1", ["784"]),
        ([Flatten(), Pool()], "pool1", ["784"]),
        ([Conv2D(filters=5, kernel_size=3), Activation(function="maxout")], "act1", ["5", "2"]),
    ],
)
def test_a_refusal_names_the_layer_the_numbers_and_two_repairs(layers, culprit, numbers):
    with pytest.raises(NetworkError) as refusal:
        trace(network(*layers))
    assert refusal.value.layer == culprit
    assert repr(culprit) in str(refusal.value)
    assert all(number in refusal.value.problem for number in numbers)
    assert len(refusal.value.repairs) >= 2
    assert all(repair.words for repair in refusal.value.repairs)
    assert all(repair.words in str(refusal.value) for repair in refusal.value.repairs)


@given(size=st.integers(1, 10), kernel=st.integers(1, 12), dilation=st.integers(1, 3), padding=st.integers(0, 2))
@settings(max_examples=80, deadline=None)
def test_the_kernel_that_a_refusal_proposes_fits_and_is_the_largest(size, kernel, dilation, padding):
    def layer(kernel):
        return network(Conv2D(filters=1, kernel_size=kernel, dilation=dilation, padding=padding), shape=(1, size, size))

    try:
        trace(layer(kernel))
    except NetworkError as refusal:
        proposed = int(refusal.repairs[0].words.split()[-1])
        assert output_shape(layer(proposed))
        with pytest.raises(NetworkError):
            trace(layer(proposed + 1))


def test_the_maxout_repairs_work():
    with pytest.raises(NetworkError) as refusal:
        trace(network(Conv2D(filters=9, kernel_size=3), Activation(function="maxout", pieces=2)))
    assert [repair.words for repair in refusal.value.repairs] == [
        "give the layer before it 10 units or filters",
        "use 3 pieces",
    ]


def test_one_channel_has_no_maxout_whatever_the_pieces():
    with pytest.raises(NetworkError) as refusal:
        trace(network(Activation(function="maxout")))
    assert [repair.words for repair in refusal.value.repairs] == [
        "give the layer before it 2 units or filters",
        "use relu instead of maxout",
    ]


def test_nameless_layers_are_numbered_by_kind_and_keep_their_names():
    net = network(
        Conv2D(filters=1, kernel_size=3),
        Activation(function="relu"),
        Conv2D(filters=1, kernel_size=3, name="conv1"),
        Conv2D(filters=1, kernel_size=3),
    )
    assert [layer.name for layer in net.layers] == ["conv2", "act1", "conv1", "conv3"]
    assert Network.model_validate_json(net.model_dump_json()) == net


def test_two_layers_of_one_name_are_refused():
    with pytest.raises(ValidationError, match="layer 'a': 2 layers have this name"):
        network(Flatten(name="a"), Dense(units=1, name="a"))


@pytest.mark.parametrize("padding, sides", [(2, ((2, 2), (2, 2))), ((1, 2), ((1, 1), (2, 2))), (((0, 1), (2, 3)),) * 2])
def test_padding_may_be_given_short(padding, sides):
    assert Conv2D(filters=1, kernel_size=3, padding=padding).padding == sides


def test_wrong_layers_are_refused():
    for wrong in (
        {"filters": 0},
        {"kernel_size": 0},
        {"stride": 0},
        {"padding": -1},
        {"padding": "half"},
        {"colour": 1},
    ):
        with pytest.raises(ValidationError):
            Conv2D(**{"filters": 1, "kernel_size": 3} | wrong)
