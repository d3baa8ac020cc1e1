"""What a network is made of: frozen, JSON-ready descriptions of layers. No arrays here, no arithmetic."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PositiveInt

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

Padding = Annotated[Literal["valid", "same", "full"] | Sides, BeforeValidator(_sides)]


# --- where weights start -------------------------------------------------------------------------------------------


class Zeros(Spec):
    kind: Literal["zeros"] = "zeros"


class Constant(Spec):
    kind: Literal["constant"] = "constant"
    value: float


class Normal(Spec):
    kind: Literal["normal"] = "normal"
    std: float = Field(default=1.0, ge=0)


class Uniform(Spec):
    """Uniform between -limit and limit."""

    kind: Literal["uniform"] = "uniform"
    limit: float = Field(ge=0)


class GlorotUniform(Spec):
    """limit = sqrt(6 / (fan_in + fan_out)) (Glorot and Bengio 2010, eq. 16)."""

    kind: Literal["glorot_uniform"] = "glorot_uniform"


class GlorotNormal(Spec):
    """std = sqrt(2 / (fan_in + fan_out)), not truncated (Glorot and Bengio 2010, eq. 12)."""

    kind: Literal["glorot_normal"] = "glorot_normal"


class HeNormal(Spec):
    """std = sqrt(2 / fan_in), truncated at two standard deviations and rescaled to keep that std (He et al. 2015)."""

    kind: Literal["he_normal"] = "he_normal"


class HeUniform(Spec):
    """limit = sqrt(6 / fan_in) (He et al. 2015)."""

    kind: Literal["he_uniform"] = "he_uniform"


class OneOverOut(Spec):
    """Normal with variance 1/n_out, n_out = units, or maps * kh * kw / pool_area (Nielsen 2015, `network3.py`)."""

    kind: Literal["one_over_out"] = "one_over_out"
    pool_area: PositiveInt = 1


Initial = Annotated[
    Zeros | Constant | Normal | Uniform | GlorotUniform | GlorotNormal | HeNormal | HeUniform | OneOverOut,
    Field(discriminator="kind"),
]


# --- layers ----------------------------------------------------------------------------------------------------------

Name = Annotated[str, Field(pattern=r"^([a-z][a-z0-9_-]*)?$", max_length=40)]


class Dense(Spec):
    """y = W x + b with W (units, inputs), b (units,)."""

    kind: Literal["dense"] = "dense"
    name: Name = ""
    units: Size
    weights: Initial = GlorotUniform()
    biases: Initial = Zeros()


class Conv2D(Spec):
    """Cross-correlation (the kernel is not flipped): W (maps, C, kh, kw), b (maps,), one bias a map."""

    kind: Literal["conv2d"] = "conv2d"
    name: Name = ""
    maps: Size
    kernel: Pair
    stride: Pair = (1, 1)
    padding: Padding = "valid"
    dilation: Pair = (1, 1)
    weights: Initial = GlorotUniform()
    biases: Initial = Zeros()


class Pool(Spec):
    """Summarise each window of each map; rows and columns that do not fill a window are left out."""

    kind: Literal["pool"] = "pool"
    name: Name = ""
    how: Literal["max", "average", "sum", "l2"] = "max"
    window: Pair = (2, 2)
    stride: Pair | None = None
    """None: as large as the window, so windows touch and do not overlap."""
    padding: Literal["valid", "same"] = "valid"
    """same: windows may reach over the border, where there is nothing to summarise: the largest or the mean of the cells
    that are there."""

    @property
    def step(self) -> tuple[int, int]:
        return self.stride or self.window


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
    """While training, set each number to zero with probability `rate` and divide the rest by 1 - rate."""

    kind: Literal["dropout"] = "dropout"
    name: Name = ""
    rate: float = Field(ge=0, lt=1)


PlainLayer = Annotated[Dense | Conv2D | Pool | Activation | Flatten | Dropout, Field(discriminator="kind")]
"""All that are not made of other layers; core/network/composites.py has those."""

SHORT_NAMES = {
    "dense": "dense",
    "conv2d": "conv",
    "pool": "pool",
    "activation": "act",
    "flatten": "flatten",
    "dropout": "dropout",
    "residual": "residual",
    "branches": "branches",
}
"""The stem of the name a nameless layer is given: conv1, conv2, ..."""
