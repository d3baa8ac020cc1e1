"""Layers as frozen, JSON-ready descriptions. No arrays and no arithmetic here."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PositiveFloat

from core.network.initializers import Constant, GlorotUniform, Initial, Zeros
from core.spec import Spec


def _pair(value: Any) -> Any:
    """3 -> (3, 3); a pair stays as it is."""
    pair = (value, value) if isinstance(value, int) else value
    if not _whole_numbers(pair, at_least=1):
        raise ValueError(f"enter a whole number from 1 to {MOST:,}, or two as [height, width]; got {value!r:.60}")
    return pair


def _sides(value: Any) -> Any:
    """2 -> ((2, 2), (2, 2)); (1, 2) -> ((1, 1), (2, 2)); named paddings and full forms stay as they are."""
    if value in ("valid", "same", "full"):
        return value
    pair = (value, value) if isinstance(value, int) else value
    if _whole_numbers(pair, at_least=0):
        return ((pair[0], pair[0]), (pair[1], pair[1]))
    if isinstance(pair, list | tuple) and len(pair) == 2 and all(_whole_numbers(side, at_least=0) for side in pair):
        return pair
    raise ValueError(
        'enter "valid", "same", "full", a number of cells (0 or more), [rows, columns], or '
        f"[[top, bottom], [left, right]]; got {value!r:.60}"
    )


def _whole_numbers(pair: Any, at_least: int) -> bool:
    """Whether `pair` is two whole numbers in range; True and False do not count as numbers."""
    return (
        isinstance(pair, list | tuple)
        and len(pair) == 2
        and all(
            isinstance(number, int) and not isinstance(number, bool) and at_least <= number <= MOST for number in pair
        )
    )


MOST = 1_000_000
"""The largest number of cells, units or filters: anything larger is a typing error."""

Size = Annotated[int, Field(ge=1, le=MOST)]
Pair = Annotated[tuple[int, int], BeforeValidator(_pair)]
Sides = tuple[tuple[int, int], tuple[int, int]]
"""((top, bottom), (left, right)) in cells."""

Sharing = Literal["per channel", "per unit", "none"]
"""How biases are shared: one per channel for all its units, one per unit, or none."""

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
    """Cross-correlation (the kernel is not flipped): W (filters, C, kh, kw), or (filters, inputs_per_filter, kh, kw) if
    a filter reads only some of the input channels; b (filters,), or (filters, rows, columns) with one bias per unit.
    PyTorch calls `filters` out_channels."""

    kind: Literal["conv2d"] = "conv2d"
    name: Name = ""
    filters: Size
    kernel_size: Pair
    stride: Pair = (1, 1)
    padding: Padding = "valid"
    pad_value: float = 0.0
    """The value of the padded cells; -1 in the zip net, where -1 is white paper."""
    dilation: Pair = (1, 1)
    inputs_per_filter: Size | None = None
    """How many input channels each filter reads; core/network/connection_table.py says which. None: all."""
    bias: Sharing = "per channel"
    weights: Initial = GlorotUniform()
    biases: Initial = Zeros()


class LocallyConnected(Spec):
    """A convolution without weight sharing: each position has its own kernels; W (filters, C, kh, kw, rows, cols)."""

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
    """y = x + b, a bias as a separate layer, for example after a pool: b (C,), or the shape of x with one bias per
    unit."""

    kind: Literal["bias"] = "bias"
    name: Name = ""
    bias: Literal["per channel", "per unit"] = "per channel"
    biases: Initial = Zeros()


class BatchNorm(Spec):
    """y = gamma * (x - mean) / sqrt(variance + epsilon) + beta, for each channel (over images and cells) or each
    feature of a vector (over images): Ioffe and Szegedy 2015, algorithms 1 and 2.

    A training step uses the mean and the (biased) variance of its batch; evaluation uses the running ones, which each
    step updates: running <- momentum * running + (1 - momentum) * batch. They are state, not weights: no gradient.
    """

    kind: Literal["batch_norm"] = "batch_norm"
    name: Name = ""
    momentum: float = Field(default=0.9, ge=0, lt=1)
    epsilon: PositiveFloat = 1e-5
    gamma: Initial = Constant(value=1.0)
    beta: Initial = Zeros()


class Pool(Spec):
    """Summarises each window of each feature map; rows and columns that do not fill a window are dropped, unless
    padded."""

    kind: Literal["pool"] = "pool"
    name: Name = ""
    mode: Literal["max", "average", "sum", "l2"] = "max"
    window: Pair = (2, 2)
    stride: Pair | None = None
    """None: the size of the window, so that windows touch but do not overlap."""
    padding: Literal["valid", "same", "ceil"] = "valid"
    """same: windows may extend beyond the border; only the cells inside count. ceil: only the last windows do, at the
    bottom and on the right, so that no row or column is dropped."""

    @property
    def step(self) -> tuple[int, int]:
        return self.stride or self.window


class GlobalAveragePool(Spec):
    """(C, H, W) -> (C,): the mean of each feature map (Lin, Chen and Yan 2014)."""

    kind: Literal["global_average_pool"] = "global_average_pool"
    name: Name = ""


class Activation(Spec):
    """An elementwise function; only maxout and softmax combine channels (axis 1)."""

    kind: Literal["activation"] = "activation"
    name: Name = ""
    function: Literal["linear", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "maxout", "softmax"]
    slope: float = 0.1
    """Leaky ReLU: the slope left of zero."""
    alpha: float = Field(default=1.0, gt=0)
    """ELU: the function approaches -alpha far left of zero."""
    pieces: int = Field(default=2, ge=2, le=MOST)
    """Maxout: keeps the largest of this many neighbouring channels (Goodfellow et al. 2013)."""


class Flatten(Spec):
    """(C, H, W) -> (C*H*W,), channel-major: all of channel 0 first, row by row."""

    kind: Literal["flatten"] = "flatten"
    name: Name = ""


class Dropout(Spec):
    """In training, sets each number to zero with probability `rate` and keeps the expected sum: "inverted" divides the
    rest by 1 - rate in training; "classic" multiplies by 1 - rate in evaluation (Srivastava et al. 2014, section 4;
    network3)."""

    kind: Literal["dropout"] = "dropout"
    name: Name = ""
    rate: float = Field(ge=0, lt=1)
    mode: Literal["inverted", "classic"] = "inverted"


PlainLayer = Annotated[
    Dense | Conv2D | LocallyConnected | Bias | BatchNorm | Pool | GlobalAveragePool | Activation | Flatten | Dropout,
    Field(discriminator="kind"),
]
"""All layers that are not blocks; for those, see core/network/blocks.py."""

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
"""The stem of the name that an unnamed layer gets: conv1, conv2, ..."""
