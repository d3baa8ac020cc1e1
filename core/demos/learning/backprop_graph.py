"""A small dense network taken apart: every sum, value and slope of the forward pass, every derivative of the way back."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from core.arrays import Array
from core.numerics import activations, dense


MACRON = "\N{COMBINING MACRON}"
ACTIVATIONS: dict[str, Callable] = {
    "sigmoid": activations.sigmoid,
    "tanh": activations.tanh,
    "relu": activations.relu,
    "linear": activations.linear,
}
MISTAKES = ("none", "slope", "path", "transposed", "outer")
"""slope: the activation's slope is forgotten in the last hidden layer. path: the last of several paths is left out on
the way from there to the layer below. transposed: W instead of its transpose there. outer: that layer's weights get the
transpose of their gradient. The last two need as many units in both layers: the shapes do not give them away."""


class GraphError(ValueError):
    """Weights and biases that do not make a network, in one sentence."""


class Parameter(NamedTuple):
    """Where a weight stands: W_ac is the weight from a to c, b_c the bias of c."""

    name: str
    part: str
    """"weights" or "biases"."""
    layer: int
    cell: tuple[int, ...]


@dataclass(frozen=True)
class Graph:
    """inputs (n,), weights[k] (out, in), biases[k] (out,); one activation everywhere, one output, called z."""

    inputs: Array
    weights: tuple[Array, ...]
    biases: tuple[Array, ...]
    activation: str = "sigmoid"

    @property
    def sizes(self) -> list[int]:
        return [len(self.inputs), *(len(b) for b in self.biases)]

    @cached_property
    def letters(self) -> list[list[str]]:
        """Of the units, layer by layer: a, b | c, d, e | ... | z."""
        last = np.cumsum([0, *self.sizes[:-1]])
        return [
            *[[chr(ord("a") + int(start) + k) for k in range(n)] for start, n in zip(last, self.sizes, strict=True)][
                :-1
            ],
            ["z"],
        ]

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """Layer by layer; a unit's weights, then its bias."""
        return tuple(_parameters(self.letters))


@dataclass(frozen=True)
class Passes:
    """Forward: values[0] are the inputs, values[k] = s(sums[k-1]), slopes[k-1] = s'(sums[k-1]). Backward, each the derivative of
    `of`: d_values, d_sums, d_weights, d_biases, laid out as what they belong to. `result` is z or the loss."""

    sums: tuple[Array, ...]
    values: tuple[Array, ...]
    slopes: tuple[Array, ...]
    result: float
    d_values: tuple[Array, ...]
    d_sums: tuple[Array, ...]
    d_weights: tuple[Array, ...]
    d_biases: tuple[Array, ...]


def graph(inputs, weights, biases, activation: str = "sigmoid") -> Graph:
    """Raises GraphError."""
    made = Graph(_floats(inputs), tuple(map(_floats, weights)), tuple(map(_floats, biases)), activation)
    if activation not in ACTIVATIONS:
        raise GraphError(f"there is no activation {activation!r} here; there are {', '.join(ACTIVATIONS)}")
    wanted = [(after, before) for before, after in pairwise(made.sizes)]
    if [w.shape for w in made.weights] != wanted or made.sizes[-1] != 1:
        raise GraphError(f"weights have the shapes {[w.shape for w in made.weights]}, but {wanted} fit these biases")
    return made


def passes(net: Graph, of: str = "z", mistake: str = "none") -> Passes:
    """`of`: "z", or the cross-entropy against a truth, "loss 1" or "loss 0". `mistake` is one of MISTAKES. Raises GraphError."""
    if mistake in ("transposed", "outer") and len(set(net.weights[-2].shape)) > 1:
        raise GraphError(f"the mistake {mistake!r} needs as many units below as above: here the shapes give it away")
    sums, values, slopes = forward(net)
    if of != "z" and not 0 < values[-1][0] < 1:
        raise GraphError(f"z = {values[-1][0]:.3g} is no probability, so it has no cross-entropy: take the sigmoid")
    d_values, d_sums, d_weights, d_biases = backward(net, values, slopes, seed(values[-1][0], of), mistake)
    return Passes(sums, values, slopes, measured(values[-1][0], of), d_values, d_sums, d_weights, d_biases)


def forward(net: Graph) -> tuple[tuple, tuple, tuple]:
    """Sums, values, slopes."""
    sums, values, slopes = [], [net.inputs], []
    for weights, biases in zip(net.weights, net.biases, strict=True):
        total, _ = dense.forward(values[-1][None], weights, biases)
        value, back = ACTIVATIONS[net.activation](total)
        slope, _ = back(np.ones_like(total))
        sums.append(total[0])
        values.append(value[0])
        slopes.append(slope[0])
    return tuple(sums), tuple(values), tuple(slopes)


def measured(z: float, of: str) -> float:
    """z itself, or its cross-entropy -ln z (truth 1) or -ln(1 - z) (truth 0); nan where z is no probability."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return float({"z": z, "loss 1": -np.log(z), "loss 0": -np.log(1 - z)}[of])


def seed(z: float, of: str) -> float:
    """The derivative of `measured` with respect to z: where the way back begins."""
    with np.errstate(divide="ignore"):
        return float({"z": 1.0, "loss 1": np.divide(-1.0, z), "loss 0": np.divide(1.0, 1 - z)}[of])


def backward(net: Graph, values, slopes, start: float, mistake: str = "none") -> tuple:
    """d_sum = s'(sum) d_value; dW = d_sum value^T; d_value below = W^T d_sum (Rumelhart, Hinton and Williams 1986)."""
    planted, depth = len(net.weights) - 2, len(net.weights)
    d_value = np.array([start])
    d_values: list[Array] = [d_value]
    d_sums: list[Array] = []
    d_weights: list[Array] = []
    for k in reversed(range(depth)):
        wrong = mistake if k == planted else "none"
        d_sum = d_value if wrong == "slope" else slopes[k] * d_value
        outer = np.outer(d_sum, values[k])
        d_weights.insert(0, outer.T if wrong == "outer" else outer)
        d_sums.insert(0, d_sum)
        d_value = _down(net.weights[k], d_sum, wrong)
        d_values.insert(0, d_value)
    return tuple(d_values), tuple(d_sums), tuple(d_weights), tuple(d_sums)


def _down(weights: Array, d_sum: Array, mistake: str) -> Array:
    if mistake == "path":
        return weights[:-1].T @ d_sum[:-1]
    return (weights if mistake == "transposed" else weights.T) @ d_sum


def _parameters(letters: list[list[str]]) -> Iterator[Parameter]:
    for k, (below, above) in enumerate(pairwise(letters)):
        for i, target in enumerate(above):
            for j, source in enumerate(below):
                yield Parameter(f"W_{source}{target}", "weights", k, (i, j))
            yield Parameter(f"b_{target}", "biases", k, (i,))


def with_parameter(net: Graph, name: str, value: float) -> Graph:
    """Raises GraphError for a name that is none of this network's; an input's name is its letter."""
    if name in net.letters[0]:
        inputs = net.inputs.copy()
        inputs[net.letters[0].index(name)] = value
        return replace(net, inputs=inputs)
    position = find(net, name)
    arrays = [array.copy() for array in getattr(net, position.part)]
    arrays[position.layer][position.cell] = value
    changed = tuple(arrays)
    return replace(net, weights=changed) if position.part == "weights" else replace(net, biases=changed)


def find(net: Graph, name: str) -> Parameter:
    """Raises GraphError."""
    for position in net.parameters:
        if position.name == name:
            return position
    raise GraphError(f"this network has no weight called {name!r}")


def parameter(net: Graph, position: Parameter) -> float:
    return float(getattr(net, position.part)[position.layer][position.cell])


def gradient(result: Passes, position: Parameter) -> float:
    """The derivative of the result by this weight or bias."""
    return float(getattr(result, f"d_{position.part}")[position.layer][position.cell])


@dataclass(frozen=True)
class Nudge:
    """One weight moved by +h and by -h: what comes out, and the slope between the two."""

    plus: float
    minus: float
    slope: float


def nudge(net: Graph, name: str, h: float, of: str = "z") -> Nudge:
    """The central difference (f(w + h) - f(w - h)) / 2h, whose error shrinks with h squared."""
    here = parameter(net, find(net, name))
    plus, minus = (measured(forward(with_parameter(net, name, here + step))[1][-1][0], of) for step in (h, -h))
    return Nudge(plus, minus, (plus - minus) / (2 * h))


def agree(derivative: float, slope: float) -> bool:
    """Within one per cent: far more than a small nudge errs, far less than a mistake."""
    return bool(abs(derivative - slope) <= 0.01 * max(abs(derivative), abs(slope)) + 1e-9)


def _floats(values) -> Array:
    return np.array(values, np.float64)
