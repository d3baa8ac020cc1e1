"""Pydantic's validation errors in words: where, what is wrong, what was given."""

import numpy as np
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from core.network.errors import NetworkError


_READABLE = {
    "int_parsing": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_parsing": "must be a number",
    "bool_parsing": "must be true or false",
    "finite_number": "must be a finite number",
}
"""What pydantic says in terms of its parser."""


def explain(error: ValidationError) -> str:
    """At most four errors, joined into one sentence."""
    messages = list(dict.fromkeys(_message(details) for details in error.errors(include_url=False)))
    more = f" (and {len(messages) - 4} more)" if len(messages) > 4 else ""
    return "; ".join(messages[:4]) + more


def _message(details: ErrorDetails) -> str:
    where = _where(details["loc"])
    if isinstance(cause := details.get("ctx", {}).get("error"), Exception):
        return str(cause) if isinstance(cause, NetworkError) or not where else f"{where}: {cause}"
    if details["type"] == "json_invalid":
        return f"it is not JSON ({cause})"
    where = where or "the text"
    if details["type"] == "extra_forbidden":
        return f"{where} is not a field; check the spelling"
    given = "" if isinstance(details["input"], dict | list) else f", got {_given(details['input']):.60}"
    rule = _READABLE.get(details["type"], details["msg"].replace("Input should", "must"))
    return f"{where}: {rule[0].lower()}{rule[1:]}{given}"


def _given(value: object) -> str:
    return repr(value.item() if isinstance(value, np.generic) else value)


def _where(location: tuple[int | str, ...]) -> str:
    """("network", "layers", 0, "conv2d", "kernel_size", 1) -> "layer 1 (conv2d), kernel_size"; else with dots."""
    match location:
        case ("network", "layers", *inside):
            return _where_inside(tuple(inside))
        case ("data", "augmentation", int(number), str(kind), *field):
            return ", ".join([f"transform {number + 1} ({kind})", *[str(part) for part in field[:1]]])
        case ("data", "scaling", _):
            return "scaling"
        case (outer, "optimizer" | "scaling" | "loss" | "schedule" as inner, _, field):
            return f"{outer}.{inner}.{field}"
    return ".".join(str(part) for part in location)


def _where_inside(location: tuple[int | str, ...]) -> str:
    """The same inside a row of layers, through blocks: (2, "branches", "rows", 1, 0, "dense", "units") -> "layer 3
    (branches), branch 2, layer 1 (dense), units"."""
    match location:
        case (int(number), "residual", "layers", int(_), *_):
            return f"layer {number + 1} (residual), {_where_inside(location[3:])}"
        case (int(number), "branches", "rows", int(row), int(_), *_):
            return f"layer {number + 1} (branches), branch {row + 1}, {_where_inside(location[4:])}"
        case (int(number), str(kind), *field):
            return ", ".join([f"layer {number + 1} ({kind})", *[str(part) for part in field[:1]]])
        case (int(number),):
            return f"layer {number + 1}"
    return ".".join(["network.layers", *map(str, location)])
