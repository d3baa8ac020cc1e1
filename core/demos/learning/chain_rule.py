"""The formula of each number in a small network, a sum of products, step by step through both passes."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from core.demos.learning.backprop_graph import MACRON, Graph, Passes


@dataclass(frozen=True)
class Factor:
    """One factor of a product."""

    symbol: str
    value: float
    role: str
    """"input", "kernel" (a weight), "output" (a value) or "gradient"."""
    of: float | None = None
    """The x of a factor s(x)."""


@dataclass(frozen=True)
class Formula:
    """A number such as "d/dW_ac", written as a sum of products."""

    name: str
    terms: tuple[tuple[Factor, ...], ...]
    """The products, each a tuple of factors."""
    value: float


@dataclass(frozen=True)
class Step:
    """The formulas that are computed together."""

    kind: str
    """"forward" or "backward"."""
    about: tuple[str, ...]
    """The letters of the units involved."""
    formulas: tuple[Formula, ...]


def steps(net: Graph, passes: Passes, mistake: str = "none", of_inputs: bool = False) -> list[Step]:
    """All steps of the forward and the backward pass, in the order of computation.

    `of_inputs`: down to the derivatives with respect to the inputs, which training does not need.
    """
    return [*_forward(net, passes), *_backward(net, passes, mistake, of_inputs)]


def _forward(net: Graph, passes: Passes) -> Iterator[Step]:
    for k, above in enumerate(net.letters[1:]):
        for i, unit in enumerate(above):
            terms = [(_weight(net, k, i, j), _value(net, passes, k, j)) for j in range(len(net.letters[k]))]
            bias = (Factor(f"b_{unit}", float(net.biases[k][i]), "kernel"),)
            total = float(passes.sums[k][i])
            value = float(passes.values[k + 1][i])
            yield Step(
                "forward",
                (unit,),
                (
                    Formula(unit + MACRON, (*terms, bias), total),
                    Formula(unit, ((Factor(f"s({unit}{MACRON})", value, "output", total),),), value),
                ),
            )


def _backward(net: Graph, passes: Passes, mistake: str, of_inputs: bool) -> Iterator[Step]:
    last = len(net.weights) - 1
    yield Step("backward", ("z",), (_start(passes),))
    for k in reversed(range(last + 1)):
        wrong = mistake if k == last - 1 else "none"
        units = net.letters[k + 1]
        yield Step("backward", tuple(units), tuple(_d_sum(net, passes, k, i, wrong) for i in range(len(units))))
        for i, unit in enumerate(units):
            yield Step("backward", (unit,), tuple(_d_parameters(net, passes, k, i, wrong)))
        if k or of_inputs:
            for j, unit in enumerate(net.letters[k]):
                yield Step("backward", (unit,), (_d_value(net, passes, k, j, wrong),))


def _start(passes: Passes) -> Formula:
    first = float(passes.d_values[-1][0])
    return Formula("d/dz", ((Factor("start", first, "gradient"),),), first)


def _d_sum(net: Graph, passes: Passes, k: int, i: int, wrong: str) -> Formula:
    unit = net.letters[k + 1][i]
    above = Factor(f"d/d{unit}", float(passes.d_values[k + 1][i]), "gradient")
    slope = Factor(f"s\N{PRIME}({unit}{MACRON})", float(passes.slopes[k][i]), "output")
    return Formula(
        f"d/d{unit}{MACRON}", ((above,) if wrong == "slope" else (above, slope),), float(passes.d_sums[k][i])
    )


def _d_parameters(net: Graph, passes: Passes, k: int, i: int, wrong: str) -> Iterator[Formula]:
    unit = net.letters[k + 1][i]
    for j, source in enumerate(net.letters[k]):
        to, by = (j, i) if wrong == "outer" else (i, j)
        terms = ((_value(net, passes, k, by), _gradient(net, passes, k, to)),)
        yield Formula(f"d/dW_{source}{unit}", terms, float(passes.d_weights[k][i, j]))
    yield Formula(f"d/db_{unit}", ((_gradient(net, passes, k, i),),), float(passes.d_biases[k][i]))


def _d_value(net: Graph, passes: Passes, k: int, j: int, wrong: str) -> Formula:
    """One term per path, that is, per unit in the layer above."""
    units_above = range(len(net.letters[k + 1]) - (wrong == "path"))
    terms = tuple(
        (_weight(net, k, j, i) if wrong == "transposed" else _weight(net, k, i, j), _gradient(net, passes, k, i))
        for i in units_above
    )
    return Formula(f"d/d{net.letters[k][j]}", terms, float(passes.d_values[k][j]))


def _weight(net: Graph, k: int, i: int, j: int) -> Factor:
    return Factor(f"W_{net.letters[k][j]}{net.letters[k + 1][i]}", float(net.weights[k][i, j]), "kernel")


def _value(net: Graph, passes: Passes, k: int, j: int) -> Factor:
    return Factor(net.letters[k][j], float(passes.values[k][j]), "output" if k else "input")


def _gradient(net: Graph, passes: Passes, k: int, i: int) -> Factor:
    return Factor(f"d/d{net.letters[k + 1][i]}{MACRON}", float(passes.d_sums[k][i]), "gradient")


def paths(net: Graph, passes: Passes, name: str) -> list[Formula]:
    """The chain rule written out for one weight W_xy: every path from x to z as a product of the factors along it."""
    source, unit = name[2], name[3]
    k = next(k for k, letters in enumerate(net.letters[1:]) if unit in letters)
    i, j = net.letters[k + 1].index(unit), net.letters[k].index(source)
    start = _start(passes).terms[0] if passes.d_values[-1][0] != 1 else ()
    return [
        _path((source, *units), (_value(net, passes, k, j), *factors, *start))
        for units, factors in _paths_up(net, passes, k, i)
    ]


def _path(units: tuple[str, ...], factors: tuple[Factor, ...]) -> Formula:
    return Formula(" \N{RIGHTWARDS ARROW} ".join(units), (factors,), prod(factor.value for factor in factors))


def _paths_up(net: Graph, passes: Passes, k: int, i: int) -> Iterator[tuple[tuple[str, ...], tuple[Factor, ...]]]:
    """Every path from unit i of layer k + 1 to z: the units on it, and the factors along it."""
    unit = net.letters[k + 1][i]
    slope = Factor(f"s\N{PRIME}({unit}{MACRON})", float(passes.slopes[k][i]), "output")
    if k == len(net.weights) - 1:
        yield (unit,), (slope,)
        return
    for up in range(len(net.letters[k + 2])):
        for units, factors in _paths_up(net, passes, k + 1, up):
            yield (unit, *units), (slope, _weight(net, k + 1, up, i), *factors)
