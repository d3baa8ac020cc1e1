"""A network written in one line, as lessons do: "conv 32 3 same > relu > pool 2 > flatten > dense 10"."""

import re
from dataclasses import dataclass

from pydantic import ValidationError

from core.network.blocks import Layer
from core.network.errors import NetworkError
from core.network.layers import Activation, Conv2D, Dense, Dropout, Flatten, Pool
from core.network.network import Network


FUNCTIONS = ("relu", "sigmoid", "tanh")
FIELDS = {"conv": ("filters", "kernel_size", "padding"), "pool": ("window",), "dense": ("units",), "dropout": ("rate",)}
KINDS = {"conv": Conv2D, "pool": Pool, "dense": Dense, "dropout": Dropout}
GAP = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Gap:
    """A value that a student fills in; `right` is the solution."""

    kind: str
    field: str
    right: str


def layers(line: str) -> tuple[Layer, ...]:
    """Each layer is its kind and its values in the order of FIELDS; a pool may name a mode after its window ("pool 2
    average"), else it is max. Raises NetworkError if a layer cannot be read."""
    return tuple(_layer(part.split()) for part in line.split(">"))


def network(line: str, input_shape: tuple[int, int, int]) -> Network:
    """Raises NetworkError; pydantic's ValidationError for an invalid input shape."""
    return Network(input_shape=input_shape, layers=layers(line))


def gaps(line: str) -> list[Gap]:
    """The values in braces, from left to right. Raises NetworkError for braces around anything but a value."""
    results = []
    for part in line.split(">"):
        kind, *values = part.split()
        for index, value in enumerate(values):
            if GAP.fullmatch(value):
                if index >= len(FIELDS.get(kind, ())):
                    raise NetworkError(kind, f"{value} is not one of its values", [", ".join(FIELDS.get(kind, ()))])
                results.append(Gap(kind, FIELDS[kind][index], value[1:-1]))
    return results


def filled(line: str, values: list[str]) -> str:
    """The line with these values in its gaps, without braces."""
    remaining = iter(values)
    return GAP.sub(lambda _: next(remaining), line)


def _layer(words: list[str]) -> Layer:
    kind, *values = words or [""]
    if kind in FUNCTIONS and not values:
        return Activation(function=kind)
    if kind == "flatten" and not values:
        return Flatten()
    if kind not in KINDS:
        raise NetworkError(kind or "?", "there is no such layer", [", ".join([*KINDS, "flatten", *FUNCTIONS])])
    names = ("window", "mode") if kind == "pool" else FIELDS[kind]
    try:
        layer: Layer = KINDS[kind](**{name: _value(text) for name, text in zip(names, values, strict=False)})
        return layer
    except ValidationError as error:
        problem = f"its values are invalid: {' '.join(values) or 'there are none'}"
        raise NetworkError(kind, problem, [_first(error)]) from None


def _value(text: str) -> int | float | str:
    return int(text) if text.isdigit() else float(text) if re.fullmatch(r"0?\.\d+", text) else text


def _first(error: ValidationError) -> str:
    result = error.errors()[0]
    return f"{'.'.join(map(str, result['loc']))}: {result['msg'].removeprefix('Value error, ')}"
