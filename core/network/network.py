"""A network: an input shape and a row of layers, each with a unique name, including those inside blocks."""

from collections import Counter
from collections.abc import Container, Sequence
from typing import Any, Self

from pydantic import Field, PositiveInt, model_validator

from core.network.blocks import DEEPEST, Layer, depth, every_layer
from core.network.errors import NetworkError
from core.network.layers import SHORT_NAMES
from core.network.repairs import Change, Repair
from core.spec import Spec


MOST_LAYERS = 200


class Network(Spec):
    """Layers in the order in which data passes through them. The last one outputs the logits."""

    input_shape: tuple[PositiveInt, PositiveInt, PositiveInt]
    """(C, H, W)"""
    layers: tuple[Layer, ...] = Field(max_length=MOST_LAYERS)

    @model_validator(mode="before")
    @classmethod
    def _name_unnamed_layers(cls, data: Any) -> Any:
        """From then on the JSON contains the names: weights are drawn by name, so names must not depend on position."""
        if not isinstance(data, dict) or not isinstance(data.get("layers"), list | tuple):
            return data
        return {**data, "layers": named(data["layers"], names_in(data["layers"]))}

    @model_validator(mode="after")
    def _check_layers(self) -> Self:
        if not self.layers:
            raise ValueError("a network needs at least one layer; add one, or choose a preset")
        counts = Counter(layer.name for layer in every_layer(self.layers))
        if counts.total() > MOST_LAYERS:
            raise ValueError(
                f"{counts.total()} layers, including those inside blocks, are too many; at most {MOST_LAYERS} fit"
            )
        duplicates = sorted(name for name, count in counts.items() if count > 1)
        if duplicates:
            raise NetworkError(
                duplicates[0],
                f"{counts[duplicates[0]]} layers have this name, but weights are stored by name",
                [Repair("give the last one a different name", (Change(duplicates[0], {"name": ""}),))],
            )
        if deep := next((layer for layer in self.layers if depth((layer,)) > DEEPEST), None):
            raise NetworkError(
                deep.name,
                f"blocks are nested {depth((deep,))} deep, but at most {DEEPEST} levels are allowed",
                ["moving the innermost block out", "two blocks one after the other"],
            )
        return self


def free_name(kind: str, taken: Container[str]) -> str:
    """The first of conv1, conv2, ... that is not in `taken`."""
    number = 1
    while f"{SHORT_NAMES[kind]}{number}" in taken:
        number += 1
    return f"{SHORT_NAMES[kind]}{number}"


def names_in(row: Any) -> set[str]:
    """The names of the layers in a row and inside its blocks; layers are dicts or already validated."""
    names = set()
    for layer in _row(row):
        names |= {_get(layer, "name")} if isinstance(_get(layer, "name"), str) else set()
        names |= names_in(_get(layer, "layers")).union(*map(names_in, _row(_get(layer, "rows"))))
    return names


def named(row: Any, taken: set[str]) -> Any:
    """The row with a name for each layer, including those inside blocks; `taken` grows. Anything but a list or a tuple
    is returned unchanged."""
    return type(row)(_with_name(layer, taken) for layer in row) if isinstance(row, list | tuple) else row


def _with_name(layer: Any, taken: set[str]) -> Any:
    changes: dict[str, Any] = {}
    if not _get(layer, "name") and _get(layer, "kind") in SHORT_NAMES:
        changes["name"] = free_name(_get(layer, "kind"), taken)
        taken.add(changes["name"])
    if _row(_get(layer, "layers")):
        changes["layers"] = named(_get(layer, "layers"), taken)
    if _row(_get(layer, "rows")):
        rows = _get(layer, "rows")
        changes["rows"] = type(rows)(named(row, taken) for row in rows)
    return {**layer, **changes} if isinstance(layer, dict) else layer.model_copy(update=changes) if changes else layer


def _row(value: Any) -> Sequence[Any]:
    """The value if it is a list or a tuple, else an empty row."""
    return value if isinstance(value, list | tuple) else ()


def _get(layer: Any, field: str) -> Any:
    return layer.get(field, "") if isinstance(layer, dict) else getattr(layer, field, "")
