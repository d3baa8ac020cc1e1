"""A small network step by step: derivatives by hand, by nudging, by PyTorch; every formula gives its number."""

import itertools
from math import prod

import numpy as np
import pytest

from backends.contract.golden import G12
from core.demos.learning.backprop_graph import (
    ACTIVATIONS,
    MISTAKES,
    GraphError,
    agree,
    gradient,
    graph,
    nudge,
    parameter,
    passes,
    with_parameter,
)
from core.demos.learning.chain_rule import paths, steps
from core.random import generator
from pages.widgets.neurons import backprop_graph


NET = graph(G12["x"], G12["W"], G12["b"])


def some_net(activation: str, sizes=(2, 4, 3, 1)):
    rng = generator(3, "test", activation)
    weights = [rng.normal(size=(after, before)) for before, after in itertools.pairwise(sizes)]
    return graph(rng.normal(size=sizes[0]), weights, [rng.normal(size=size) for size in sizes[1:]], activation)


def off(net, mistake: str, of: str = "z") -> list[str]:
    """Names of the parameters whose nudge contradicts backprop."""
    result = passes(net, of, mistake)
    return [
        position.name
        for position in net.parameters
        if not agree(gradient(result, position), nudge(net, position.name, 1e-4, of).slope)
    ]


def test_the_graph_of_25_parameters_has_the_numbers_worked_out_once():
    result = passes(NET)
    for ours, expected in (
        (result.sums, G12["before"]),
        (result.values[1:], G12["after"]),
        (result.d_values[1:], G12["dafter"]),
        (result.d_sums, G12["dbefore"]),
        (result.d_weights, G12["dW"]),
        (result.d_biases, G12["dbefore"]),
    ):
        for layer, numbers in zip(ours, expected, strict=True):
            assert layer == pytest.approx(np.array(numbers), abs=1e-6)
    assert len(NET.parameters) == G12["parameters"]
    assert NET.letters == [["a", "b"], ["c", "d", "e"], ["f", "g", "h"], ["z"]]


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("of", ["z", "loss 1", "loss 0"])
def test_nudging_every_weight_says_what_backprop_says(activation, of):
    net = some_net(activation)
    if of == "z" or activation == "sigmoid":
        assert off(net, "none", of) == []


def test_an_output_that_is_no_probability_has_no_cross_entropy():
    with pytest.raises(GraphError, match="not a probability"):
        passes(graph([1], [[[2]]], [[0]], "linear"), "loss 1")


def test_pytorch_finds_the_same_derivatives():
    torch = pytest.importorskip("torch")
    weights, biases = ([torch.tensor(a, requires_grad=True) for a in arrays] for arrays in (NET.weights, NET.biases))
    value = torch.tensor(NET.inputs)
    for w, b in zip(weights, biases, strict=True):
        value = torch.sigmoid(w @ value + b)
    (-torch.log(value[0])).backward()
    result = passes(NET, "loss 1")
    for ours, theirs in zip((*result.d_weights, *result.d_biases), (*weights, *biases), strict=True):
        assert ours == pytest.approx(theirs.grad.numpy(), abs=1e-12)


@pytest.mark.parametrize(
    "mistake, first, unharmed",
    [("slope", "W_cf", "b_z"), ("path", "b_c", "W_cf"), ("transposed", "b_c", "W_cf"), ("outer", "W_df", "W_ac")],
)
def test_a_planted_mistake_is_found_where_it_was_planted_and_only_there(mistake, first, unharmed):
    assert first in off(NET, mistake)
    assert unharmed not in off(NET, mistake)


def test_a_mistake_that_the_shapes_give_away_is_refused():
    with pytest.raises(GraphError, match="as many units"):
        passes(some_net("sigmoid"), "z", "outer")


@pytest.mark.parametrize("mistake", MISTAKES)
@pytest.mark.parametrize("of", ["z", "loss 0"])
def test_every_formula_that_is_shown_gives_the_number_behind_it(mistake, of):
    known = {}
    for step in steps(NET, passes(NET, of, mistake), mistake):
        for formula in step.formulas:
            total = sum(prod(factor.value for factor in term) for term in formula.terms)
            assert total == pytest.approx(formula.value, abs=1e-12), formula.name
            for factor in (factor for term in formula.terms for factor in term if factor.symbol in known):
                assert factor.value == known[factor.symbol], f"{formula.name} uses {factor.symbol} as it is not"
            known[formula.name] = formula.value
    assert len(known) == 2 * 7 + 25 + 7 + 7, "sums and values, parameters, derivatives of values and of sums"


def test_the_paths_of_a_weight_add_up_to_its_derivative():
    for of in ("z", "loss 1"):
        result = passes(NET, of)
        for position in NET.parameters:
            if position.part == "weights":
                ways = paths(NET, result, position.name)
                assert sum(way.value for way in ways) == pytest.approx(gradient(result, position), abs=1e-12)
                assert len(ways) == (3, 1, 1)[position.layer]


def test_one_number_is_changed_and_no_other():
    for name in ("a", "W_eh", "b_d"):
        changed = with_parameter(NET, name, 7.0)
        now = [*changed.inputs, *(parameter(changed, position) for position in changed.parameters)]
        before = [*NET.inputs, *(parameter(NET, position) for position in NET.parameters)]
        assert sum(a != b for a, b in zip(now, before, strict=True)) == 1
        assert 7.0 in now
    with pytest.raises(GraphError, match="no weight called 'W_zz'"):
        with_parameter(NET, "W_zz", 1)


def test_weights_that_do_not_fit_are_refused_in_a_sentence():
    with pytest.raises(GraphError, match="these biases need"):
        graph([1, 2], [[[1, 2, 3]]], [[0]])
    with pytest.raises(GraphError, match="no activation 'cube'"):
        graph([1], [[[1]]], [[0]], "cube")


def test_the_matrices_shown_hold_the_derivatives():
    lines = backprop_graph.matrices(NET, passes(NET), "z")
    assert len(lines) == 8
    assert "0.129 & 0.119 & 0.139" in lines[1]


def test_the_last_step_can_be_the_derivative_of_the_input():
    fork = graph([1], [[[2], [3]], [[4, 5]]], [[0, 0], [0]], "linear")
    last = steps(fork, passes(fork), of_inputs=True)[-1].formulas[0]
    assert (last.name, last.value) == ("d/da", 2 * 4 + 3 * 5)
    assert [[factor.value for factor in term] for term in last.terms] == [[2, 4], [3, 5]]
