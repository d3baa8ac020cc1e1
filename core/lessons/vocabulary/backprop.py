"""A small network taken apart, for lessons: its values and derivatives by name, and what a nudge says."""

from core.demos.learning.backprop_graph import Graph, GraphError, find, gradient, graph, nudge, passes


__all__ = ["derivative", "matrix_of", "nudged_slope", "parameter_count", "small_network", "unit_sum", "unit_value"]


def small_network(inputs, weights, biases, activation="sigmoid") -> Graph:
    """Inputs (n,), matrices (out, in), biases (out,): units are called a, b, ... and z."""
    return graph(inputs, weights, biases, activation)


def unit_value(net: Graph, letter: str) -> float:
    """What a unit gives on."""
    k, i = _place(net, letter)
    return float(passes(net).values[k][i])


def unit_sum(net: Graph, letter: str) -> float:
    """What a unit collects, before its activation."""
    k, i = _place(net, letter)
    return float(passes(net).sums[k - 1][i])


def derivative(net: Graph, name: str, of: str = "z", mistake: str = "none") -> float:
    """By name: "c" for a unit, "c_sum" for what it collects, "W_ac" for a weight, "b_c" for a bias."""
    result = passes(net, of, mistake)
    if "_" in name and not name.endswith("_sum"):
        return gradient(result, find(net, name))
    k, i = _place(net, name.removesuffix("_sum"))
    return float(result.d_sums[k - 1][i] if name.endswith("_sum") else result.d_values[k][i])


def matrix_of(net: Graph, what: str, layer: int):
    """ "weights", "values", "sums", "d_weights", "d_values" or "d_sums" of a layer, counted from 0; a vector as a column."""
    result = net.weights[layer] if what == "weights" else getattr(passes(net), what)[layer]
    return result if result.ndim == 2 else result[:, None]


def nudged_slope(net: Graph, name: str, h: float = 1e-5) -> float:
    """The derivative of z by a weight, without backprop: the weight is moved up and down by h."""
    return nudge(net, name, h).slope


def parameter_count(net: Graph) -> int:
    """Weights and biases."""
    return len(net.parameters)


def _place(net: Graph, letter: str) -> tuple[int, int]:
    for k, letters in enumerate(net.letters):
        if letter in letters:
            return k, letters.index(letter)
    raise GraphError(f"there is no unit {letter!r}")
