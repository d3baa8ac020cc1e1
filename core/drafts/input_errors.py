"""What was typed wrong, in the words of its field, and what could stand there instead."""

from pydantic import TypeAdapter, ValidationError

from core.drafts.layer_defaults import NEW_LAYERS
from core.experiment.messages import explain
from core.network.blocks import Layer
from core.network.layers import MOST
from core.network.repairs import Change, Repair


_LAYER: TypeAdapter = TypeAdapter(Layer)


def culprit(layer: dict, position: tuple) -> tuple[dict, tuple]:
    """The layer that an error is about, within a block perhaps, and where in it."""
    match position:
        case ("residual", "layers", int(number), *rest):
            return culprit(layer["layers"][number], tuple(rest))
        case ("branches", "rows", int(row), int(number), *rest):
            return culprit(layer["rows"][row][number], tuple(rest))
    return layer, position


def as_it_was(layer: dict, fields: tuple) -> list[Repair]:
    """Another value than the one that cannot be: the one a new layer has, or the name it would be given."""
    name = next((part for part in fields if part in layer and part != "kind"), None)
    if name is None:
        return []
    value = {**_defaults(layer), **NEW_LAYERS[layer["kind"]]}.get(name)
    words = (
        f"take {_LABELS.get(name, name.replace('_', ' '))} {_shown(value)}"
        if name != "name"
        else "give it a name of its own"
    )
    return [Repair(words, (Change(layer.get("name", ""), {name: value}),))]


def _defaults(layer: dict) -> dict:
    return _LAYER.validate_python({"kind": layer["kind"], **NEW_LAYERS[layer["kind"]]}).model_dump(mode="json")


def layer_sentence(error: ValidationError, kind: str, fields: tuple) -> str:
    """What is wrong with one layer, in the words of its card."""
    result = error.errors(include_url=False)[0]
    field_name = next((str(part) for part in fields if part != kind), "")
    if field_name in ("kernel_size", "stride", "dilation", "window"):
        return (
            f'{field_name.replace("_", " ")}: write one number from 1 to {MOST:,}, as "3", or height x width, as "3 x 5"; '
            f"got {_shown(result['input'])}"
        )
    if field_name == "padding":
        return (
            'padding: choose a word, or write a number of cells, as "2", or two for top/bottom and left/right, as '
            f'"1 x 2"; got {_shown(result["input"])}'
        )
    if field_name == "name":
        return "name: begin with a small letter; then small letters, digits, _ and - (at most 40)"
    return describe_error(error, {"rate": "share set to 0"} if kind == "dropout" else {})


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
    "pad_value": "value of the padding",
}
_BOUNDS = {
    "greater_than": ("must be greater than", "gt"),
    "greater_than_equal": ("must be at least", "ge"),
    "less_than": ("must be smaller than", "lt"),
    "less_than_equal": ("must be at most", "le"),
}
_KINDS = {
    "tuple": 'write one number, as "100", or one for each class, as "100, 100, 5"',
    "int": "write a whole number",
    "float": 'write a number, as "0.01"',
    "finite": 'write a number, as "0.01"',
}


def describe_error(error: ValidationError, labels: dict[str, str] | None = None) -> str:
    """Wrong numbers in the words of their fields ("batch size: must be greater than 0"); the rest as the core says it."""
    findings = error.errors(include_url=False)
    said = [_number_sentence(one, {**_LABELS, **(labels or {})}) for one in findings]
    return "; ".join(dict.fromkeys(said)) if all(said) else explain(error)


def _number_sentence(result, labels: dict[str, str]) -> str:
    """ "" for what is not about a number."""
    field_name = next((part for part in reversed(result["loc"]) if isinstance(part, str)), "")
    wrong = _wrong_number(result)
    return wrong and f"{labels.get(field_name, field_name.replace('_', ' '))}: {wrong}; got {_shown(result['input'])}"


def _wrong_number(result) -> str:
    if result["type"] in _BOUNDS:
        words, limit = _BOUNDS[result["type"]]
        bound = result["ctx"][limit]
        return f"{words} {bound:,}" if isinstance(bound, int) else f"{words} {bound:g}"
    return _KINDS.get(result["type"].split("_")[0], "")


def _shown(value) -> str:
    """As it was typed, but not all of its five thousand digits."""
    if value == "":
        return "nothing"
    text = " x ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return text if len(text) <= 40 else text[:37] + "…"
