"""A network: an input shape and layers in a row, each with a name of its own, also those within blocks."""

from collections import Counter

from pydantic import Field, PositiveInt, model_validator

from core.network.blocks import DEEPEST, Layer, depth, every_layer
from core.network.errors import NetworkError
from core.network.layers import SHORT_NAMES
from core.network.repairs import Change, Repair
from core.spec import Spec


MOST_LAYERS = 200


class Network(Spec):
    """Layers in the order data passes them. The last one's output are the logits."""

    input_shape: tuple[PositiveInt, PositiveInt, PositiveInt]
    """(C, H, W)"""
    layers: tuple[Layer, ...] = Field(max_length=MOST_LAYERS)

    @model_validator(mode="before")
    @classmethod
    def _name_the_nameless(cls, data):
        """Names stand in the JSON from then on: weights are drawn per name, so they must not shift with position."""
        if not isinstance(data, dict) or not isinstance(data.get("layers"), list | tuple):
            return data
        return {**data, "layers": named(data["layers"], names_in(data["layers"]))}

    @model_validator(mode="after")
    def _can_be_told_apart(self):
        if not self.layers:
            raise ValueError("a network needs at least one layer; add one, or take a preset")
        counts = Counter(layer.name for layer in every_layer(self.layers))
        if counts.total() > MOST_LAYERS:
            raise ValueError(
                f"{counts.total()} layers, those within blocks counted; a network has at most {MOST_LAYERS}"
            )
        twice = sorted(name for name, count in counts.items() if count > 1)
        if twice:
            raise NetworkError(
                twice[0],
                f"{counts[twice[0]]} layers have this name, but weights are kept by name",
                [Repair("give the last of them a name of its own", (Change(twice[0], {"name": ""}),))],
            )
        if deep := next((layer for layer in self.layers if depth((layer,)) > DEEPEST), None):
            raise NetworkError(
                deep.name,
                f"there are {depth((deep,))} blocks one within the other, but only {DEEPEST} can be",
                ["moving the innermost block out", "two blocks one after the other"],
            )
        return self


def free_name(kind: str, taken) -> str:
    """The first of conv1, conv2, ... that is not in `taken`."""
    number = 1
    while f"{SHORT_NAMES[kind]}{number}" in taken:
        number += 1
    return f"{SHORT_NAMES[kind]}{number}"


def names_in(row) -> set[str]:
    """The names in a row of layers and in their blocks, typed (dicts) or checked."""
    names = set()
    for layer in _row(row):
        names |= {_get(layer, "name")} if isinstance(_get(layer, "name"), str) else set()
        names |= names_in(_get(layer, "layers")).union(*map(names_in, _row(_get(layer, "rows"))))
    return names


def named(row, taken: set[str]):
    """The row with a name for each layer, also within blocks; `taken` grows. What is no row comes back as it is."""
    return type(row)(_with_name(layer, taken) for layer in row) if isinstance(row, list | tuple) else row


def _with_name(layer, taken: set[str]):
    changes: dict = {}
    if not _get(layer, "name") and _get(layer, "kind") in SHORT_NAMES:
        changes["name"] = free_name(_get(layer, "kind"), taken)
        taken.add(changes["name"])
    if _row(_get(layer, "layers")):
        changes["layers"] = named(_get(layer, "layers"), taken)
    if _row(_get(layer, "rows")):
        rows = _get(layer, "rows")
        changes["rows"] = type(rows)(named(row, taken) for row in rows)
    return {**layer, **changes} if isinstance(layer, dict) else layer.model_copy(update=changes) if changes else layer


def _row(value):
    """Only a list is a row of layers; whatever else was typed has none."""
    return value if isinstance(value, list | tuple) else ()


def _get(layer, field):
    return layer.get(field, "") if isinstance(layer, dict) else getattr(layer, field, "")
