"""Layers made of layers: the residual block and side-by-side branches. No arrays here, no arithmetic."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from core.network.initializers import GlorotUniform, Initial, Zeros
from core.network.layers import Name, PlainLayer
from core.spec import Spec


DEEPEST = 3
"""How deeply blocks may be nested: more is hard to draw, and no published network needs it."""

Row = tuple["Layer", ...]
"""Layers in the order data passes them."""


class Residual(Spec):
    """y = layers(x) + shortcut(x) (He et al. 2016, "Deep residual learning for image recognition", eq. 1 and 2)."""

    kind: Literal["residual"] = "residual"
    name: Name = ""
    layers: Row = Field(default=(), max_length=50)
    shortcut: Literal["identity", "1x1"] = "identity"
    """identity: x itself, for layers that keep the shape. 1x1: a convolution with the filters and the stride that make
    the shapes equal; its weights are `<name>.shortcut.weights` and `.biases`."""
    weights: Initial = GlorotUniform()
    """Where the weights of the 1x1 convolution start."""
    biases: Initial = Zeros()


class Branches(Spec):
    """Parallel rows of layers on the same input; their outputs are concatenated along the channels, in row order (the
    inception module of Szegedy et al. 2015, "Going deeper with convolutions", fig. 2). An empty row passes its input
    on unchanged."""

    kind: Literal["branches"] = "branches"
    name: Name = ""
    rows: tuple[Row, ...] = Field(default=(), max_length=16)


Layer = Annotated[PlainLayer | Residual | Branches, Field(discriminator="kind")]

Residual.model_rebuild()
Branches.model_rebuild()


def rows_of(layer: Layer) -> tuple[Row, ...]:
    """The rows of layers inside a block; () for a plain layer."""
    match layer:
        case Residual(layers=layers):
            return (layers,)
        case Branches(rows=rows):
            return rows
    return ()


def every_layer(row: Row) -> Iterator[Layer]:
    """All layers of a row, including those inside blocks: first a block, then its contents."""
    for layer in row:
        yield layer
        for inner in rows_of(layer):
            yield from every_layer(inner)


def depth(row: Row) -> int:
    """How deeply blocks are nested: 0 for a row of plain layers."""
    return max((1 + max(map(depth, rows_of(layer)), default=0) for layer in row if rows_of(layer)), default=0)
