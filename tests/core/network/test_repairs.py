"""Repairs of networks are data: made by a click, they do what they say."""

import pytest
from hypothesis import assume, given, settings, strategies as st
from pydantic import ValidationError

from core.network.errors import NetworkError
from core.network.network import Network
from core.network.output_layer import check_ending
from core.network.repairs import Change, Insert, Remove, Repair, Widen, fits, repaired


SHAPE = (1, 12, 12)
numbers, pairs = st.integers(1, 9), st.tuples(st.integers(1, 9), st.integers(1, 9)).map(list)
layers = st.one_of(
    st.fixed_dictionaries(
        {
            "kind": st.just("conv2d"),
            "filters": numbers,
            "kernel_size": pairs,
            "stride": pairs,
            "dilation": st.integers(1, 3),
            "padding": st.sampled_from(["valid", "same", "full", 1]),
        }
    ),
    st.fixed_dictionaries({"kind": st.just("pool"), "window": pairs, "stride": st.none() | numbers}),
    st.fixed_dictionaries(
        {
            "kind": st.just("activation"),
            "function": st.sampled_from(["relu", "maxout", "softmax", "linear"]),
            "pieces": st.integers(2, 4),
        }
    ),
    st.just({"kind": "flatten"}),
    st.fixed_dictionaries({"kind": st.just("dense"), "units": numbers}),
    st.just({"kind": "dropout", "rate": 0.5}),
)
shapes = st.tuples(st.integers(1, 3), st.integers(1, 12), st.integers(1, 12))


def refusal(document: dict, classes: int | None = 7) -> NetworkError | None:
    """Why this network cannot be trained on so many classes; None when it can."""
    try:
        check_ending(Network.model_validate(document), classes)
    except NetworkError as error:
        return error
    except ValidationError as error:
        return error.errors()[0]["ctx"]["error"]
    return None


def named(document: dict) -> dict:
    return Network.model_validate(document).model_dump(mode="json")


def clicks(document: dict, error: NetworkError) -> list[Repair]:
    return [repair for repair in error.repairs if fits(document, repair)]


@given(shape=shapes, row=st.lists(layers, min_size=1, max_size=7), classes=st.none() | st.integers(2, 12))
@settings(max_examples=300, deadline=None)
def test_each_error_has_a_repair_and_each_click_on_one_makes_that_error_go(shape, row, classes):
    document = named({"input_shape": shape, "layers": row})
    error = refusal(document, classes)
    assume(error is not None)
    assert clicks(document, error), str(error)
    for repair in clicks(document, error):
        after = repaired(document, repair)
        later = refusal(named(after), classes) if after["layers"] else None
        assert later is None or (later.layer, later.problem) != (error.layer, error.problem), str(repair)


@given(shape=shapes, row=st.lists(layers, min_size=1, max_size=7), classes=st.integers(2, 12))
@settings(max_examples=200, deadline=None)
def test_who_clicks_the_first_repair_again_and_again_gets_a_network_that_can_be_trained(shape, row, classes):
    document = named({"input_shape": shape, "layers": row})
    for _ in range(3 * len(row) + 4):
        error = refusal(document, classes)
        if error is None:
            return
        document = named(repaired(document, clicks(document, error)[0]))
    raise AssertionError(f"still: {refusal(document, classes)}")


def row(*kinds: str) -> dict:
    return {
        "input_shape": SHAPE,
        "layers": [{"kind": kind, "name": f"{kind}{index}"} for index, kind in enumerate(kinds)],
    }


def test_a_repair_leaves_the_network_that_it_was_given_as_it_is():
    before = row("flatten", "dense")
    after = repaired(before, Repair("", (Change("dense1", {"units": 3}), Insert(({"kind": "dropout"},), "dense1"))))
    assert [layer["kind"] for layer in after["layers"]] == ["flatten", "dropout", "dense"]
    assert after["layers"][2]["units"] == 3
    assert before == row("flatten", "dense")


def test_of_two_layers_with_one_name_the_later_one_is_changed():
    twice = {"input_shape": SHAPE, "layers": [{"kind": "flatten", "name": "a"}, {"kind": "dense", "name": "a"}]}
    assert [layer["name"] for layer in repaired(twice, Repair("", (Change("a", {"name": ""}),)))["layers"]] == ["a", ""]


@pytest.mark.parametrize(
    "edits",
    [(), (Remove("gone"),), (Widen("flatten1", 4),), (Insert((), "gone"),)],
    ids=["none", "gone", "pool", "where"],
)
def test_what_no_click_can_do_is_known_before(edits):
    assert not fits(row("pool", "flatten"), Repair("", edits))
