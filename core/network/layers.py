"""What a network is made of: frozen, JSON-ready descriptions of layers. No arrays here, no arithmetic."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PositiveFloat

from core.network.initializers import Constant, GlorotUniform, Initial, Zeros
from core.spec import Spec


def _pair(value: Any) -> Any:
    """3 -> (3, 3); pairs pass."""
    pair = (value, value) if isinstance(value, int) else value
    if not _whole_numbers(pair, at_least=1):
        raise ValueError(f"write a whole number from 1 to {MOST:,}, or two as [height, width]; got {value!r:.60}")
    return pair


def _sides(value: Any) -> Any:
    """2 -> ((2, 2), (2, 2)); (1, 2) -> ((1, 1), (2, 2)); words and full forms pass."""
    if value in ("valid", "same", "full"):
        return value
    pair = (value, value) if isinstance(value, int) else value
    if _whole_numbers(pair, at_least=0):
        return ((pair[0], pair[0]), (pair[1], pair[1]))
    if isinstance(pair, list | tuple) and len(pair) == 2 and all(_whole_numbers(side, at_least=0) for side in pair):
        return pair
    raise ValueError(
        'write "valid", "same", "full", a number of cells from 0 up, [rows, columns], or '
        f"[[top, bottom], [left, right]]; got {value!r:.60}"
    )


def _whole_numbers(pair: Any, at_least: int) -> bool:
    """Two of them, and True is no number."""
    return (
        isinstance(pair, list | tuple)
        and len(pair) == 2
        and all(
            isinstance(number, int) and not isinstance(number, bool) and at_least <= number <= MOST for number in pair
        )
    )


MOST = 1_000_000
"""Cells, units, maps: what is larger is a slip of the keyboard."""

Size = Annotated[int, Field(ge=1, le=MOST)]
Pair = Annotated[tuple[int, int], BeforeValidator(_pair)]
Sides = tuple[tuple[int, int], tuple[int, int]]
"""((top, bottom), (left, right)) in cells."""

Sharing = Literal["per channel", "per unit", "none"]
"""Who has a bias: each map one for all its units, each unit its own, or nobody."""

Padding = Annotated[Literal["valid", "same", "full"] | Sides, BeforeValidator(_sides)]


Name = Annotated[str, Field(pattern=r"^([a-z][a-z0-9_-]*)?$", max_length=40)]


class Dense(Spec):
    """y = W x + b with W (units, inputs), b (units,); without b where `bias` is "none"."""

    kind: Literal["dense"] = "dense"
    name: Name = ""
    units: Size
    bias: Literal["per unit", "none"] = "per unit"
    weights: Initial = GlorotUniform()
    biases: Initial = Zeros()


class Conv2D(Spec):
    """Cross-correlation (the kernel is not flipped): W (filters, C, kh, kw), or (filters, inputs_per_filter, kh, kw) where a
    filter reads only some of the input channels; b (filters,), or (filters, rows, columns) with one bias per unit.
    `filters` is what PyTorch calls out_channels."""

    kind: Literal["conv2d"] = "conv2d"
    name: Name = ""
    filters: Size
    kernel_size: Pair
    stride: Pair = (1, 1)
    padding: Padding = "valid"
    pad_value: float = 0.0
    """What stands in the padding; -1 in the zip net, where -1 is paper."""
    dilation: Pair = (1, 1)
    inputs_per_filter: Size | None = None
    """How many of the input channels each filter reads, as core/network/connection_table.py lays down; None: all."""
    bias: Sharing = "per channel"
    weights: Initial = GlorotUniform()
    biases: Initial = Zeros()


class LocallyConnected(Spec):
    """A convolution that shares nothing: every position has kernels of its own, W (filters, C, kh, kw, rows, columns)."""

    kind: Literal["locally_connected"] = "locally_connected"
    name: Name = ""
    filters: Size
    kernel_size: Pair
    stride: Pair = (1, 1)
    padding: Padding = "valid"
    pad_value: float = 0.0
    bias: Sharing = "per unit"
    weights: Initial = GlorotUniform()
    biases: Initial = Zeros()

    @property
    def dilation(self) -> tuple[int, int]:
        return 1, 1


class Bias(Spec):
    """y = x + b, for where a bias has a place of its own, as behind a pool: b (C,), or like x with a bias a unit."""

    kind: Literal["bias"] = "bias"
    name: Name = ""
    bias: Literal["per channel", "per unit"] = "per channel"
    biases: Initial = Zeros()


class BatchNorm(Spec):
    """y = gamma * (x - mean) / sqrt(variance + epsilon) + beta, for each channel of maps (over images and cells) or
    each feature of a list (over images): Ioffe and Szegedy 2015, algorithm 1 and 2.

    A training step takes mean and (biased) variance of its batch; everything else takes the running ones, which each
    step moves: running <- momentum * running + (1 - momentum) * batch. They are state, not weights: no gradient.
    """

    kind: Literal["batch_norm"] = "batch_norm"
    name: Name = ""
    momentum: float = Field(default=0.9, ge=0, lt=1)
    epsilon: PositiveFloat = 1e-5
    gamma: Initial = Constant(value=1.0)
    beta: Initial = Zeros()


class Pool(Spec):
    """Summarise each window of each map; rows and columns that do not fill a window are left out, unless padded."""

    kind: Literal["pool"] = "pool"
    name: Name = ""
    mode: Literal["max", "average", "sum", "l2"] = "max"
    window: Pair = (2, 2)
    stride: Pair | None = None
    """None: as large as the window, so windows touch and do not overlap."""
    padding: Literal["valid", "same", "ceil"] = "valid"
    """same: windows may reach over the border, where there is nothing to summarise: the largest or the mean of the cells
    that are there. ceil: only the last ones, over the bottom and the right, so that no row or column is left out."""

    @property
    def step(self) -> tuple[int, int]:
        return self.stride or self.window


class GlobalAveragePool(Spec):
    """(C, H, W) -> (C,): the mean of each map (Lin, Chen and Yan 2014)."""

    kind: Literal["global_average_pool"] = "global_average_pool"
    name: Name = ""


class Activation(Spec):
    """A function of every number by itself; maxout and softmax look across the channels (axis 1)."""

    kind: Literal["activation"] = "activation"
    name: Name = ""
    function: Literal["linear", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "maxout", "softmax"]
    slope: float = 0.1
    """Leaky ReLU: the slope left of zero."""
    alpha: float = Field(default=1.0, gt=0)
    """ELU: goes to -alpha far left of zero."""
    pieces: int = Field(default=2, ge=2, le=MOST)
    """Maxout: the largest of this many neighbouring channels survives (Goodfellow et al. 2013)."""


class Flatten(Spec):
    """(C, H, W) -> (C*H*W,), channel-major: all of channel 0 first, row by row."""

    kind: Literal["flatten"] = "flatten"
    name: Name = ""


class Dropout(Spec):
    """While training, set each number to zero with probability `rate`, and keep the expected sum: "inverted" divides the
    rest by 1 - rate there and then; "classic" multiplies by 1 - rate when dropout is off (Srivastava et al. 2014,
    section 4; network3)."""

    kind: Literal["dropout"] = "dropout"
    name: Name = ""
    rate: float = Field(ge=0, lt=1)
    mode: Literal["inverted", "classic"] = "inverted"


PlainLayer = Annotated[
    Dense | Conv2D | LocallyConnected | Bias | BatchNorm | Pool | GlobalAveragePool | Activation | Flatten | Dropout,
    Field(discriminator="kind"),
]
"""All that are not made of other layers; core/network/blocks.py has those."""

SHORT_NAMES = {
    "dense": "dense",
    "conv2d": "conv",
    "locally_connected": "local",
    "bias": "bias",
    "batch_norm": "norm",
    "pool": "pool",
    "global_average_pool": "mean",
    "activation": "act",
    "flatten": "flatten",
    "dropout": "dropout",
    "residual": "residual",
    "branches": "branches",
}
"""The stem of the name a nameless layer is given: conv1, conv2, ..."""
