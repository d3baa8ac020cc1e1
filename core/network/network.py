"""A network: an input shape and layers in a row, each with a name of its own."""

from pydantic import Field, PositiveInt, model_validator

from core.network.errors import NetworkError
from core.network.layers import SHORT_NAMES, Layer
from core.network.repairs import Change, Repair
from core.spec import Spec


class Network(Spec):
    """Layers in the order data passes them. The last one's output are the logits."""

    input_shape: tuple[PositiveInt, PositiveInt, PositiveInt]
    """(C, H, W)"""
    layers: tuple[Layer, ...] = Field(max_length=200)

    @model_validator(mode="before")
    @classmethod
    def _name_the_nameless(cls, data):
        """Names stand in the JSON from then on: weights are drawn per name, so they must not shift with position."""
        if not isinstance(data, dict) or not isinstance(data.get("layers"), list | tuple):
            return data
        layers = list(data["layers"])
        taken = {_get(layer, "name") for layer in layers}
        for place, layer in enumerate(layers):
            if _get(layer, "name") or _get(layer, "kind") not in SHORT_NAMES:
                continue
            name = free_name(_get(layer, "kind"), taken)
            taken.add(name)
            layers[place] = (
                {**layer, "name": name} if isinstance(layer, dict) else layer.model_copy(update={"name": name})
            )
        return {**data, "layers": layers}

    @model_validator(mode="after")
    def _names_differ(self):
        if not self.layers:
            raise ValueError("a network needs at least one layer; add one, or take a preset")
        names = [layer.name for layer in self.layers]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise NetworkError(
                twice[0],
                f"{names.count(twice[0])} layers have this name, but weights are kept by name",
                [Repair("give the last of them a name of its own", (Change(twice[0], {"name": ""}),))],
            )
        return self


def free_name(kind: str, taken) -> str:
    """The first of conv1, conv2, ... that is not in `taken`."""
    number = 1
    while f"{SHORT_NAMES[kind]}{number}" in taken:
        number += 1
    return f"{SHORT_NAMES[kind]}{number}"


def _get(layer, field):
    return layer.get(field, "") if isinstance(layer, dict) else getattr(layer, field, "")
