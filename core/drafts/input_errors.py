"""Messages about invalid input, in the words of its field, and what to enter instead."""

from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from core.drafts.layer_defaults import NEW_LAYERS
from core.experiment.messages import explain
from core.network.blocks import Layer
from core.network.layers import MOST
from core.network.repairs import Change, JsonLayer, Repair


_LAYER: TypeAdapter[Any] = TypeAdapter(Layer)
Location = tuple[int | str, ...]
"""Where an error is: names of fields, and indices in lists."""


def invalid_layer(layer: JsonLayer, location: Location) -> tuple[JsonLayer, Location]:
    """The layer that an error is about, perhaps inside a block, and the location inside that layer."""
    match location:
        case ("residual", "layers", int(number), *rest):
            return invalid_layer(layer["layers"][number], tuple(rest))
        case ("branches", "rows", int(row), int(number), *rest):
            return invalid_layer(layer["rows"][row][number], tuple(rest))
    return layer, location


def reset_field(layer: JsonLayer, fields: Location) -> list[Repair]:
    """Repairs an invalid value: the default of a new layer, or a free name."""
    name = next((part for part in fields if part in layer and part != "kind"), None)
    if name is None:
        return []
    value = {**_defaults(layer), **NEW_LAYERS[layer["kind"]]}.get(name)
    words = (
        f"use {_LABELS.get(name, name.replace('_', ' '))} {_shown(value)}"
        if name != "name"
        else "give it a different name"
    )
    return [Repair(words, (Change(layer.get("name", ""), {name: value}),))]


def _defaults(layer: JsonLayer) -> JsonLayer:
    new: Layer = _LAYER.validate_python({"kind": layer["kind"], **NEW_LAYERS[layer["kind"]]})
    return new.model_dump(mode="json")


def layer_sentence(error: ValidationError, kind: str, fields: Location) -> str:
    """What is wrong with one layer, in the words of its card."""
    details = error.errors(include_url=False)[0]
    field_name = next((str(part) for part in fields if part != kind), "")
    if field_name in ("kernel_size", "stride", "dilation", "window"):
        return (
            f"{field_name.replace('_', ' ')}: enter one number from 1 to {MOST:,}, for example 3, or height x "
            f"width, for example 3 x 5; got {_shown(details['input'])}"
        )
    if field_name == "padding":
        return (
            "padding: choose one from the list, or enter a number of cells, for example 2, or two for top/bottom and "
            f"left/right, for example 1 x 2; got {_shown(details['input'])}"
        )
    if field_name == "name":
        return "name: start with a lowercase letter, then use lowercase letters, digits, _ and - (at most 40)"
    return describe_error(error, {"rate": "dropout rate"} if kind == "dropout" else {})


_LABELS = {
    "steps": "stop after step",
    "train": "training images",
    "validation": "validation images",
    "test": "test images",
    "label_noise": "wrong labels",
    "deviation": "standard deviation",
    "per_class": "training images of each class",
    "beta1": "beta 1",
    "weights": "class weight",
    "pad_value": "padding value",
}
_BOUNDS = {
    "greater_than": ("must be greater than", "gt"),
    "greater_than_equal": ("must be at least", "ge"),
    "less_than": ("must be smaller than", "lt"),
    "less_than_equal": ("must be at most", "le"),
}
_KINDS = {
    "tuple": "enter one number, for example 100, or one for each class, for example 100, 100, 5",
    "int": "enter a whole number",
    "float": "enter a number, for example 0.01",
    "finite": "enter a number, for example 0.01",
}


def describe_error(error: ValidationError, labels: dict[str, str] | None = None) -> str:
    """Invalid numbers in the words of their fields ("batch size: must be greater than 0"); for anything else, the
    message of core/experiment/messages.py."""
    sentences = [
        _number_sentence(details, {**_LABELS, **(labels or {})}) for details in error.errors(include_url=False)
    ]
    return "; ".join(dict.fromkeys(sentences)) if all(sentences) else explain(error)


def _number_sentence(details: ErrorDetails, labels: dict[str, str]) -> str:
    """The message about an invalid number; "" for any other error."""
    field_name = next((part for part in reversed(details["loc"]) if isinstance(part, str)), "")
    rule = _number_rule(details)
    return rule and f"{labels.get(field_name, field_name.replace('_', ' '))}: {rule}; got {_shown(details['input'])}"


def _number_rule(details: ErrorDetails) -> str:
    if details["type"] in _BOUNDS:
        words, limit = _BOUNDS[details["type"]]
        bound = details["ctx"][limit]
        return f"{words} {bound:,}" if isinstance(bound, int) else f"{words} {bound:g}"
    return _KINDS.get(details["type"].split("_")[0], "")


def _shown(value: Any) -> str:
    """The value as typed, cut to 40 characters."""
    if value == "":
        return "nothing"
    text = " x ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return text if len(text) <= 40 else text[:37] + "…"
