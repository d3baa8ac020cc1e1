"""Repairs of a network as data: a sentence and the edits that one click makes."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any


JsonLayer = dict[str, Any]
"""A layer as JSON, perhaps without a name, perhaps invalid."""

LISTS = ("flatten", "dense", "global_average_pool")
"""Kinds of layers that output a vector: from the first of them on there are no feature maps."""
KEEP_CHANNELS = ("pool", "dropout", "activation", "batch_norm", "bias")
"""Kinds that output as many channels as they get (except maxout)."""


@dataclass(frozen=True)
class Insert:
    """Inserts layers before the layer named `before`, or at the end. The new layers need no names."""

    layers: tuple[JsonLayer, ...]
    before: str | None = None


@dataclass(frozen=True)
class Change:
    """Sets some fields of a layer. If two layers have this name, the later one is changed."""

    layer: str
    fields: dict[str, Any]


@dataclass(frozen=True)
class Replace:
    layer: str
    by: tuple[JsonLayer, ...]


@dataclass(frozen=True)
class Remove:
    layer: str


@dataclass(frozen=True)
class MoveToMaps:
    """Moves a layer before the first one that turns feature maps into a vector."""

    layer: str


@dataclass(frozen=True)
class Widen:
    """Sets the filters or units of the layer that gives `layer` its input channels."""

    layer: str
    channels: int


@dataclass(frozen=True)
class TakeImages:
    """Sets the input shape (C, H, W)."""

    shape: tuple[int, int, int]


Edit = Insert | Change | Replace | Remove | MoveToMaps | Widen | TakeImages


@dataclass(frozen=True)
class Repair:
    words: str
    """What to do, in words that follow "Try: " ("put a Flatten layer before it")."""
    edits: tuple[Edit, ...] = ()
    """Applied in this order; empty if the repair can only be made by hand."""

    def __str__(self) -> str:
        return self.words


def repaired(document: dict[str, Any], repair: Repair) -> dict[str, Any]:
    """A repaired copy of a network's JSON {"input_shape": ..., "layers": [...]}. Raises LookupError if a layer that the
    repair needs is missing."""
    layers = deepcopy(list(document["layers"]))
    shape = document["input_shape"]
    for edit in repair.edits:
        if isinstance(edit, TakeImages):
            shape = edit.shape
        else:
            _apply(_row_of(layers, edit), edit)
    return {**document, "input_shape": shape, "layers": layers}


def fits(document: dict[str, Any], repair: Repair) -> bool:
    """Whether one click can make this repair."""
    try:
        repaired(document, repair)
    except LookupError:
        return False
    return bool(repair.edits)


def _row_of(layers: list[JsonLayer], edit: Edit) -> list[JsonLayer]:
    """The row that contains the layer of an edit: the network's, or one inside a block."""
    name = edit.before if isinstance(edit, Insert) else getattr(edit, "layer", None)
    holding = (row for row in _rows(layers) if name is not None and any(layer.get("name") == name for layer in row))
    return next(holding, layers)


def _rows(layers: list[JsonLayer]) -> Iterator[list[JsonLayer]]:
    yield layers
    for layer in layers:
        for row in [layer.get("layers", []), *layer.get("rows", [])]:
            yield from _rows(row)


def _apply(layers: list[JsonLayer], edit: Edit) -> None:
    """Changes the list in place."""
    match edit:
        case Insert(new, before):
            position = len(layers) if before is None else _index(layers, before)
            layers[position:position] = [dict(layer) for layer in new]
        case Change(name, fields):
            layers[_index(layers, name)].update(fields)
        case Replace(name, by):
            position = _index(layers, name)
            layers[position : position + 1] = [dict(layer) for layer in by]
        case Remove(name):
            del layers[_index(layers, name)]
        case MoveToMaps(name):
            layer = layers.pop(_index(layers, name))
            layers.insert(_first(layers, LISTS), layer)
        case Widen(name, channels):
            source = _channel_source(layers[: _index(layers, name)])
            source["units" if source["kind"] == "dense" else "filters"] = channels


def _index(layers: list[JsonLayer], name: str) -> int:
    for position in reversed(range(len(layers))):
        if layers[position].get("name") == name:
            return position
    raise LookupError(f"there is no layer {name!r}")


def _first(layers: list[JsonLayer], kinds: Sequence[str]) -> int:
    for index, layer in enumerate(layers):
        if layer["kind"] in kinds:
            return index
    raise LookupError(f"there is no layer of kind {' or '.join(kinds)}")


def _channel_source(before: list[JsonLayer]) -> JsonLayer:
    """The layer that sets the number of channels, provided that only layers that keep it follow."""
    for layer in reversed(before):
        if layer["kind"] in ("conv2d", "locally_connected", "dense"):
            return layer
        if layer["kind"] not in KEEP_CHANNELS or layer.get("function") == "maxout":
            break
    raise LookupError("no layer before it has a number of filters or units to change")
