"""How each number of a small network comes about: a sum of products of named numbers, step by step forward and back."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

from core.demos.learning.backprop_graph import MACRON, Graph, Passes


@dataclass(frozen=True)
class Factor:
    """`role` is what it is: input, kernel (a weight), output (a value), gradient. `of` for s(x): the x."""

    symbol: str
    value: float
    role: str
    of: float | None = None


@dataclass(frozen=True)
class Formula:
    """`name` (as "d/dW_ac") is the sum of the products of `terms`."""

    name: str
    terms: tuple[tuple[Factor, ...], ...]
    value: float


@dataclass(frozen=True)
class Step:
    """What is found at once; `kind` is forward or backward, `about` the letters of the units it is about."""

    kind: str
    about: tuple[str, ...]
    formulas: tuple[Formula, ...]


def steps(net: Graph, passes: Passes, mistake: str = "none") -> list[Step]:
    """All of them, in the order in which they can be computed."""
    return [*_forward(net, passes), *_backward(net, passes, mistake)]


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


def _backward(net: Graph, passes: Passes, mistake: str) -> Iterator[Step]:
    last = len(net.weights) - 1
    yield Step("backward", ("z",), (_start(passes),))
    for k in reversed(range(last + 1)):
        wrong = mistake if k == last - 1 else "none"
        units = net.letters[k + 1]
        yield Step("backward", tuple(units), tuple(_d_sum(net, passes, k, i, wrong) for i in range(len(units))))
        for i, unit in enumerate(units):
            yield Step("backward", (unit,), tuple(_d_parameters(net, passes, k, i, wrong)))
        if k:
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
    """One term for each path: the units above that this one feeds."""
    ups = range(len(net.letters[k + 1]) - (wrong == "path"))
    terms = tuple(
        (_weight(net, k, j, i) if wrong == "transposed" else _weight(net, k, i, j), _gradient(net, passes, k, i))
        for i in ups
    )
    return Formula(f"d/d{net.letters[k][j]}", terms, float(passes.d_values[k][j]))


def _weight(net: Graph, k: int, i: int, j: int) -> Factor:
    return Factor(f"W_{net.letters[k][j]}{net.letters[k + 1][i]}", float(net.weights[k][i, j]), "kernel")


def _value(net: Graph, passes: Passes, k: int, j: int) -> Factor:
    return Factor(net.letters[k][j], float(passes.values[k][j]), "output" if k else "input")


def _gradient(net: Graph, passes: Passes, k: int, i: int) -> Factor:
    return Factor(f"d/d{net.letters[k + 1][i]}{MACRON}", float(passes.d_sums[k][i]), "gradient")


def paths(net: Graph, passes: Passes, name: str) -> list[Formula]:
    """The chain rule written out for one weight W_xy: every way from x to z, each the product of all it meets."""
    source, unit = name[2], name[3]
    k = next(k for k, letters in enumerate(net.letters[1:]) if unit in letters)
    i, j = net.letters[k + 1].index(unit), net.letters[k].index(source)
    begin = _start(passes).terms[0] if passes.d_values[-1][0] != 1 else ()
    return [
        _path((source, *way), (_value(net, passes, k, j), *factors, *begin))
        for way, factors in _ways(net, passes, k, i)
    ]


def _path(way: tuple[str, ...], factors: tuple[Factor, ...]) -> Formula:
    return Formula(" \N{RIGHTWARDS ARROW} ".join(way), (factors,), prod(factor.value for factor in factors))


def _ways(net: Graph, passes: Passes, k: int, i: int) -> Iterator[tuple[tuple[str, ...], tuple[Factor, ...]]]:
    unit = net.letters[k + 1][i]
    slope = Factor(f"s\N{PRIME}({unit}{MACRON})", float(passes.slopes[k][i]), "output")
    if k == len(net.weights) - 1:
        yield (unit,), (slope,)
        return
    for up in range(len(net.letters[k + 2])):
        for way, factors in _ways(net, passes, k + 1, up):
            yield (unit, *way), (slope, _weight(net, k + 1, up, i), *factors)
