"""A small network taken apart: its values and derivatives by name, and derivatives estimated by nudging a weight."""

from collections.abc import Iterable

from numpy.typing import ArrayLike

from core.arrays import Array
from core.demos.learning.backprop_graph import Graph, GraphError, find, gradient, graph, nudge, passes


__all__ = ["derivative", "matrix_of", "nudged_slope", "parameter_count", "small_network", "unit_sum", "unit_value"]


def small_network(
    inputs: ArrayLike, weights: Iterable[ArrayLike], biases: Iterable[ArrayLike], activation: str = "sigmoid"
) -> Graph:
    """A network from inputs (n,), weight matrices (out, in) and biases (out,); its units are called a, b, ... and z."""
    return graph(inputs, weights, biases, activation)


def unit_value(net: Graph, letter: str) -> float:
    """The output of a unit."""
    k, i = _position(net, letter)
    return float(passes(net).values[k][i])


def unit_sum(net: Graph, letter: str) -> float:
    """The weighted sum of a unit, before its activation."""
    k, i = _position(net, letter)
    return float(passes(net).sums[k - 1][i])


def derivative(net: Graph, name: str, of: str = "z", mistake: str = "none") -> float:
    """The derivative of `of` by name: "c" for a unit, "c_sum" for its weighted sum, "W_ac" a weight, "b_c" a bias."""
    result = passes(net, of, mistake)
    if "_" in name and not name.endswith("_sum"):
        return gradient(result, find(net, name))
    k, i = _position(net, name.removesuffix("_sum"))
    return float(result.d_sums[k - 1][i] if name.endswith("_sum") else result.d_values[k][i])


def matrix_of(net: Graph, what: str, layer: int) -> Array:
    """One matrix of layer `layer`, counted from 0; a vector becomes a column.

    `what` is "weights", "values", "sums", "d_weights", "d_values" or "d_sums".
    """
    result: Array = net.weights[layer] if what == "weights" else getattr(passes(net), what)[layer]
    return result if result.ndim == 2 else result[:, None]


def nudged_slope(net: Graph, name: str, h: float = 1e-5) -> float:
    """The derivative of z with respect to a weight, without backprop: the weight is moved up and down by h."""
    return nudge(net, name, h).slope


def parameter_count(net: Graph) -> int:
    """The number of weights and biases."""
    return len(net.parameters)


def _position(net: Graph, letter: str) -> tuple[int, int]:
    """The layer of a unit and its index there."""
    for k, letters in enumerate(net.letters):
        if letter in letters:
            return k, letters.index(letter)
    raise GraphError(f"there is no unit {letter!r}; the units are {', '.join(map(', '.join, net.letters))}")
