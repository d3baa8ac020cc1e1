"""One row of layers inside a block of the draft, edited in the same way as the network itself."""

from dataclasses import dataclass
from typing import Any

from core.drafts.draft import Draft, Row, nameless
from core.drafts.layer_defaults import NEW_LAYERS
from core.network.network import named
from core.network.repairs import JsonLayer, Repair


@dataclass
class Inside:
    draft: Draft
    layers: list[JsonLayer]
    """The block's own list, which is changed in place."""
    ticket: str
    """Unique for each row of each block."""

    @property
    def rows(self) -> list[Row]:
        """Layers inside a block are identified by their names."""
        return [Row(layer, f"{self.ticket}-{layer.get('name', '')}") for layer in self.layers]

    def name(self, index: int) -> str:
        return str(self.layers[index].get("name", ""))

    def add(self, kind: str) -> None:
        """Adds a layer at the end; a convolution or pool keeps height and width."""
        same_size: JsonLayer = {"padding": "same"} if kind in ("conv2d", "locally_connected", "pool") else {}
        if kind == "pool":
            same_size |= {"window": 3, "stride": 1}
        self._insert(len(self.layers), {"kind": kind, **NEW_LAYERS[kind], **same_size})

    def duplicate(self, index: int) -> None:
        self._insert(index + 1, nameless(self.layers[index]))

    def remove(self, index: int) -> None:
        del self.layers[index]
        self.draft.preset = None

    def move(self, index: int, by: int) -> None:
        to = min(max(index + by, 0), len(self.layers) - 1)
        self.layers.insert(to, self.layers.pop(index))
        self.draft.preset = None

    def set_layer(self, index: int, name: str, value: Any) -> None:
        self.layers[index][name] = value
        self.draft.preset = None

    def apply_repair(self, repair: Repair) -> None:
        self.draft.apply_repair(repair)

    def can_mend(self, repair: Repair) -> bool:
        return self.draft.can_mend(repair)

    def _insert(self, index: int, layer: JsonLayer) -> None:
        self.layers[index:index] = named([{"name": "", **nameless(layer)}], self.draft.names())
        self.draft.preset = None
