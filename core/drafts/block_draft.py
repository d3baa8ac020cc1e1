"""One row of layers within a block of the draft: edited with the same gestures as the network itself."""

from dataclasses import dataclass

from core.drafts.draft import Draft, Row, nameless
from core.drafts.layer_defaults import NEW_LAYERS
from core.network.network import named
from core.network.repairs import Repair


@dataclass
class Inside:
    draft: Draft
    layers: list[dict]
    """The block's own list: what is changed here is changed there."""
    ticket: str
    """Another one for each row of each block."""

    @property
    def rows(self) -> list[Row]:
        """Layers within a block are told apart by their names."""
        return [Row(layer, f"{self.ticket}-{layer.get('name', '')}") for layer in self.layers]

    def name(self, index: int) -> str:
        return self.layers[index].get("name", "")

    def add(self, kind: str) -> None:
        """At the end; a convolution or pool so that it keeps height and width."""
        keeping = {"padding": "same"} if kind in ("conv2d", "locally_connected", "pool") else {}
        if kind == "pool":
            keeping |= {"window": 3, "stride": 1}
        self._insert(len(self.layers), {"kind": kind, **NEW_LAYERS[kind], **keeping})

    def duplicate(self, index: int) -> None:
        self._insert(index + 1, nameless(self.layers[index]))

    def remove(self, index: int) -> None:
        del self.layers[index]
        self.draft.preset = None

    def move(self, index: int, by: int) -> None:
        to = min(max(index + by, 0), len(self.layers) - 1)
        self.layers.insert(to, self.layers.pop(index))
        self.draft.preset = None

    def set_layer(self, index: int, name: str, value) -> None:
        self.layers[index][name] = value
        self.draft.preset = None

    def apply_repair(self, repair: Repair) -> None:
        self.draft.apply_repair(repair)

    def can_mend(self, repair: Repair) -> bool:
        return self.draft.can_mend(repair)

    def _insert(self, index: int, layer: dict) -> None:
        self.layers[index:index] = named([{"name": "", **nameless(layer)}], self.draft.names())
        self.draft.preset = None
