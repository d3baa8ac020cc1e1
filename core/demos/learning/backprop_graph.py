"""A small dense network taken apart: every sum, value and slope going forward, every derivative going backward."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from core.arrays import Array
from core.numerics import activations, dense


MACRON = "\N{COMBINING MACRON}"
Arrays = tuple[Array, ...]
ACTIVATIONS: dict[str, Callable[[Array], Any]] = {
    "sigmoid": activations.sigmoid,
    "tanh": activations.tanh,
    "relu": activations.relu,
    "linear": activations.linear,
}
MISTAKES = ("none", "slope", "path", "transposed", "outer")
"""Mistakes that can be planted in the backward pass of the last hidden layer.

slope: the slope of its activation is forgotten. path: the last of several paths to the layer below is left out.
transposed: W is used instead of its transpose. outer: its weights receive the transpose of their gradient. The last two
need equally many units in both layers, so that the shapes do not reveal them.
"""


class GraphError(ValueError):
    """A request that the network cannot fulfil; the message is one sentence."""


class Parameter(NamedTuple):
    """The name and position of a parameter: W_ac is the weight from a to c, b_c the bias of c."""

    name: str
    part: str
    """"weights" or "biases"."""
    layer: int
    cell: tuple[int, ...]


@dataclass(frozen=True)
class Graph:
    """inputs (n,), weights[k] (out, in), biases[k] (out,); every layer has the same activation, the one output is z."""

    inputs: Array
    weights: tuple[Array, ...]
    biases: tuple[Array, ...]
    activation: str = "sigmoid"

    @property
    def sizes(self) -> list[int]:
        """The number of units of each layer, inputs first."""
        return [len(self.inputs), *(len(b) for b in self.biases)]

    @cached_property
    def letters(self) -> list[list[str]]:
        """The names of the units, layer by layer: a, b | c, d, e | ... | z."""
        starts = np.cumsum([0, *self.sizes[:-1]])
        layers = [
            [chr(ord("a") + int(start) + k) for k in range(size)]
            for start, size in zip(starts, self.sizes, strict=True)
        ]
        return [*layers[:-1], ["z"]]

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """All parameters, layer by layer: for each unit its weights, then its bias."""
        return tuple(_parameters(self.letters))


@dataclass(frozen=True)
class Passes:
    """The numbers of a forward pass, and of a backward pass with the derivatives of z or of a loss.

    Forward: values[0] are the inputs, values[k] = s(sums[k-1]), slopes[k-1] = s'(sums[k-1]). Backward: d_values,
    d_sums, d_weights and d_biases have the layout of what they belong to. `result` is z or the loss.
    """

    sums: Arrays
    values: Arrays
    slopes: Arrays
    result: float
    d_values: Arrays
    d_sums: Arrays
    d_weights: Arrays
    d_biases: Arrays


def graph(
    inputs: ArrayLike, weights: Iterable[ArrayLike], biases: Iterable[ArrayLike], activation: str = "sigmoid"
) -> Graph:
    """A network from inputs (n,), weight matrices (out, in) and biases (out,). Raises GraphError."""
    net = Graph(_floats(inputs), tuple(map(_floats, weights)), tuple(map(_floats, biases)), activation)
    if activation not in ACTIVATIONS:
        raise GraphError(f"there is no activation {activation!r} here; there are {', '.join(ACTIVATIONS)}")
    expected = [(after, before) for before, after in pairwise(net.sizes)]
    if [w.shape for w in net.weights] != expected or net.sizes[-1] != 1:
        raise GraphError(
            f"the weights have the shapes {[w.shape for w in net.weights]}, "
            f"but these biases need {expected}, and the last layer needs one unit"
        )
    return net


def passes(net: Graph, of: str = "z", mistake: str = "none") -> Passes:
    """Run the network forward and backward.

    `of` is "z", or the cross-entropy for the true class 1 or 0: "loss 1" or "loss 0". `mistake` is one of MISTAKES.
    Raises GraphError.
    """
    if mistake in ("transposed", "outer") and len(set(net.weights[-2].shape)) > 1:
        raise GraphError(
            f"the mistake {mistake!r} needs as many units below as above; with these sizes the shapes reveal it"
        )
    sums, values, slopes = forward(net)
    if of != "z" and not 0 < values[-1][0] < 1:
        raise GraphError(
            f"z = {values[-1][0]:.3g} is not a probability, so it has no cross-entropy: use the sigmoid activation"
        )
    d_values, d_sums, d_weights, d_biases = backward(net, values, slopes, seed(values[-1][0], of), mistake)
    return Passes(sums, values, slopes, measured(values[-1][0], of), d_values, d_sums, d_weights, d_biases)


def forward(net: Graph) -> tuple[Arrays, Arrays, Arrays]:
    """The forward pass: sums, values, slopes."""
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
    """z itself, or the cross-entropy -ln z (true class 1) or -ln(1 - z) (0); NaN if z is not a probability."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return float({"z": z, "loss 1": -np.log(z), "loss 0": -np.log(1 - z)}[of])


def seed(z: float, of: str) -> float:
    """The derivative of `measured` with respect to z, with which the backward pass starts."""
    with np.errstate(divide="ignore"):
        return float({"z": 1.0, "loss 1": np.divide(-1.0, z), "loss 0": np.divide(1.0, 1 - z)}[of])


def backward(
    net: Graph, values: Arrays, slopes: Arrays, start: float, mistake: str = "none"
) -> tuple[Arrays, Arrays, Arrays, Arrays]:
    """The backward pass: d_values, d_sums, d_weights, d_biases.

    d_sum = s'(sum) d_value; dW = d_sum value^T; d_value below = W^T d_sum (Rumelhart, Hinton and Williams 1986).
    """
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
    """The derivatives of the values one layer below."""
    if mistake == "path":
        return np.asarray(weights[:-1].T @ d_sum[:-1])
    return np.asarray((weights if mistake == "transposed" else weights.T) @ d_sum)


def _parameters(letters: list[list[str]]) -> Iterator[Parameter]:
    for k, (below, above) in enumerate(pairwise(letters)):
        for i, target in enumerate(above):
            for j, source in enumerate(below):
                yield Parameter(f"W_{source}{target}", "weights", k, (i, j))
            yield Parameter(f"b_{target}", "biases", k, (i,))


def with_parameter(net: Graph, name: str, value: float) -> Graph:
    """The network with one parameter or input changed; the name of an input is its letter.

    Raises GraphError for an unknown name.
    """
    if name in net.letters[0]:
        inputs = net.inputs.copy()
        inputs[net.letters[0].index(name)] = value
        return replace(net, inputs=inputs)
    target = find(net, name)
    arrays = [array.copy() for array in getattr(net, target.part)]
    arrays[target.layer][target.cell] = value
    changed = tuple(arrays)
    return replace(net, weights=changed) if target.part == "weights" else replace(net, biases=changed)


def find(net: Graph, name: str) -> Parameter:
    """The parameter with this name. Raises GraphError."""
    for candidate in net.parameters:
        if candidate.name == name:
            return candidate
    raise GraphError(f"this network has no weight called {name!r}; its parameters are {_names(net)}")


def _names(net: Graph) -> str:
    return ", ".join(one.name for one in net.parameters)


def parameter(net: Graph, which: Parameter) -> float:
    """The value of a weight or bias."""
    return float(getattr(net, which.part)[which.layer][which.cell])


def gradient(result: Passes, which: Parameter) -> float:
    """The derivative of the result with respect to a weight or bias."""
    return float(getattr(result, f"d_{which.part}")[which.layer][which.cell])


@dataclass(frozen=True)
class Nudge:
    """The result with one weight moved by +h and by -h, and the slope between the two."""

    plus: float
    minus: float
    slope: float


def nudge(net: Graph, name: str, h: float, of: str = "z") -> Nudge:
    """The central difference (f(w + h) - f(w - h)) / 2h, whose error shrinks with h squared."""
    value = parameter(net, find(net, name))
    plus, minus = (measured(forward(with_parameter(net, name, value + step))[1][-1][0], of) for step in (h, -h))
    return Nudge(plus, minus, (plus - minus) / (2 * h))


def agree(derivative: float, slope: float) -> bool:
    """Whether the two agree within 1 %: far more than the error of a small nudge, far less than that of a mistake."""
    return bool(abs(derivative - slope) <= 0.01 * max(abs(derivative), abs(slope)) + 1e-9)


def _floats(values: ArrayLike) -> Array:
    return np.array(values, np.float64)
