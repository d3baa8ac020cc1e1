"""How a network is drawn: layers that belong together as one group, and the column and the lane of each group."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from core.network.layers import Activation, BatchNorm, Bias, Dropout, Flatten, Pool
from core.network.network import Network
from core.network.shapes import Shape, Step, outline


INPUT = "input"
"""The name of the source that is the image itself; it is in column 0."""
_FOLLOWERS = (Activation, BatchNorm, Bias, Dropout)
"""Layers without a column of their own: they change the numbers of the layer before, cell by cell."""


@dataclass
class Group:
    """Layers that are drawn as one: a layer that sums or summarises, and what follows it cell by cell."""

    layers: list[str]
    """In order; a Flatten stands before the layer that it feeds."""
    main: str
    """The layer that gives the group its name and has its weights."""
    kind: str
    """The kind of the main layer."""
    shape: Shape
    """Of the last layer's output: (C, H, W) or (features,)."""
    sources: tuple[str, ...]
    """The shown layers of the groups that feed it, or INPUT."""
    column: int
    lane: int
    """Parallel paths of a block lie in lanes, from 0 at the top."""
    about: dict[str, str] = field(default_factory=dict)
    """"mode" of a pool, "function" of its activation."""

    @property
    def shown(self) -> str:
        """The layer whose output is drawn."""
        return self.layers[-1]


def groups(network: Network) -> list[Group]:
    """The groups in the order of the data. Raises NetworkError if the network is not valid."""
    result: list[Group] = []
    _draw(outline(network), INPUT, 0, result)
    return result


def _draw(row: Iterable[Step], source: str, lane: int, result: list[Group]) -> str:
    """Appends the groups of a row that reads `source`; the source for whatever follows the row."""
    here: Group | None = None
    flattened: list[str] = []
    for step in row:
        layer = step.layer
        if isinstance(layer, Flatten):
            flattened.append(layer.name)
            continue
        if here is not None and not flattened and isinstance(layer, _FOLLOWERS):
            here.layers.append(layer.name)
            here.shape = step.output
            here.about |= _about(step)
        else:
            ends = tuple(_draw(path, source, lane + k, result) for k, path in enumerate(step.rows)) or (source,)
            names = [*flattened, layer.name]
            here = Group(names, layer.name, layer.kind, step.output, ends, _column(ends, result), lane, _about(step))
            result.append(here)
            flattened = []
        source = here.shown
    if flattened and here is not None:
        here.layers += flattened
        source = here.shown
    return source


def _column(sources: tuple[str, ...], result: list[Group]) -> int:
    """To the right of all that feeds it."""
    return 1 + max((group.column for group in result if group.shown in sources), default=0)


def _about(step: Step) -> dict[str, str]:
    match step.layer:
        case Pool(mode=mode):
            return {"mode": mode}
        case Activation(function=function):
            return {"function": function}
    return {}
