"""What would mend a network, as data: a sentence and the changes that a click makes."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass


LISTS = ("flatten", "dense", "global_average_pool")
"""Kinds of layers that give a list of numbers: from the first of them on there are no maps."""
KEEP_CHANNELS = ("pool", "dropout", "activation", "batch_norm", "bias")
"""Kinds that give as many channels as they take (but for maxout)."""


@dataclass(frozen=True)
class Insert:
    """New layers before the one called `before`, or at the end. Layers are JSON, and may be nameless."""

    layers: tuple[dict, ...]
    before: str | None = None


@dataclass(frozen=True)
class Change:
    """Other values for some fields of a layer. Of two with one name it is the later one."""

    layer: str
    fields: dict


@dataclass(frozen=True)
class Replace:
    layer: str
    by: tuple[dict, ...]


@dataclass(frozen=True)
class Remove:
    layer: str


@dataclass(frozen=True)
class MoveToMaps:
    """Before the first layer that makes a list of the maps."""

    layer: str


@dataclass(frozen=True)
class Widen:
    """So many maps or units in the layer that gives `layer` its channels."""

    layer: str
    channels: int


@dataclass(frozen=True)
class TakeImages:
    """Another input shape (C, H, W)."""

    shape: tuple[int, int, int]


Edit = Insert | Change | Replace | Remove | MoveToMaps | Widen | TakeImages


@dataclass(frozen=True)
class Repair:
    words: str
    """What to do, to follow "Try: " ("put a Flatten layer before it")."""
    edits: tuple[Edit, ...] = ()
    """One after the other; none where only a person can do it."""

    def __str__(self) -> str:
        return self.words


def repaired(document: dict, repair: Repair) -> dict:
    """A network's JSON {"input_shape": ..., "layers": [...]} with the repair made; the given one stays as it is.
    Raises LookupError where a layer that it needs is not there."""
    layers = deepcopy(list(document["layers"]))
    shape = document["input_shape"]
    for edit in repair.edits:
        if isinstance(edit, TakeImages):
            shape = edit.shape
        else:
            _edit(_row_of(layers, edit), edit)
    return {**document, "input_shape": shape, "layers": layers}


def fits(document: dict, repair: Repair) -> bool:
    """Whether a click can make this repair."""
    try:
        repaired(document, repair)
    except LookupError:
        return False
    return bool(repair.edits)


def _row_of(layers: list[dict], edit: Edit) -> list[dict]:
    """The row in which the layer of an edit stands: the network's, or one within a block."""
    name = edit.before if isinstance(edit, Insert) else getattr(edit, "layer", None)
    holding = (row for row in _rows(layers) if name is not None and any(layer.get("name") == name for layer in row))
    return next(holding, layers)


def _rows(layers: list[dict]) -> Iterator[list[dict]]:
    yield layers
    for layer in layers:
        for row in [layer.get("layers", []), *layer.get("rows", [])]:
            yield from _rows(row)


def _edit(layers: list[dict], edit: Edit) -> None:
    """Changes the list in place."""
    match edit:
        case Insert(new, before):
            position = len(layers) if before is None else _place(layers, before)
            layers[position:position] = [dict(layer) for layer in new]
        case Change(name, fields):
            layers[_place(layers, name)].update(fields)
        case Replace(name, by):
            position = _place(layers, name)
            layers[position : position + 1] = [dict(layer) for layer in by]
        case Remove(name):
            del layers[_place(layers, name)]
        case MoveToMaps(name):
            layer = layers.pop(_place(layers, name))
            layers.insert(_first(layers, LISTS), layer)
        case Widen(name, channels):
            giver = _giver(layers[: _place(layers, name)])
            giver["units" if giver["kind"] == "dense" else "filters"] = channels


def _place(layers: list[dict], name: str) -> int:
    for position in reversed(range(len(layers))):
        if layers[position].get("name") == name:
            return position
    raise LookupError(f"there is no layer {name!r}")


def _first(layers: list[dict], kinds: Sequence[str]) -> int:
    for index, layer in enumerate(layers):
        if layer["kind"] in kinds:
            return index
    raise LookupError(f"there is no layer of kind {' or '.join(kinds)}")


def _giver(before: list[dict]) -> dict:
    """The layer that sets the number of channels, if only layers that keep it follow."""
    for layer in reversed(before):
        if layer["kind"] in ("conv2d", "locally_connected", "dense"):
            return layer
        if layer["kind"] not in KEEP_CHANNELS or layer.get("function") == "maxout":
            break
    raise LookupError("no layer before it has a number of maps or units to change")
