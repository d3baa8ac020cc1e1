"""core's layers as PyTorch modules: one small module a layer, images (N, C, H, W) as in core."""

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, unfold
from torch.nn.utils import skip_init

from core.network.blocks import Branches, Residual
from core.network.connection_table import seen
from core.network.costs import weight_shapes
from core.network.layers import (
    Activation,
    BatchNorm,
    Bias,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    GlobalAveragePool,
    LocallyConnected,
    Pool,
)
from core.network.shapes import Sides, Step, pads


def module(step: Step, dtype: torch.dtype) -> nn.Module:
    """The module for one step of a network. Its weights are not set yet: they come from core."""
    match step.layer:
        case Dense(units=units, bias=bias):
            return skip_init(nn.Linear, step.input[0], units, bias=bias != "none", dtype=dtype)
        case Conv2D() as conv:
            return convolution(conv, step, dtype)
        case LocallyConnected() as local:
            _, height, width = step.input
            return padded(pads(local, height, width), local.pad_value, Local(local, step, dtype))
        case Bias():
            return Shift(weight_shapes(step)["biases"], dtype)
        case BatchNorm() as norm:
            return Normalisation(norm, step.input[0], dtype)
        case Pool() as pool:
            return pooling(pool, step.input)
        case GlobalAveragePool():
            return MeanOfMaps()
        case Activation() as activation:
            return nonlinearity(activation)
        case Flatten():
            return ChannelMajorFlatten() if len(step.input) == 3 else nn.Identity()
        case Dropout(rate=rate, mode=mode):
            return MaskedDropout(rate, mode)
        case Residual():
            return Sum()
        case Branches():
            return Join()
    raise TypeError(f"no PyTorch layer for {type(step.layer).__name__}")


def convolution(conv: Conv2D, step: Step, dtype: torch.dtype) -> nn.Module:
    """nn.Conv2d pads both sides of an axis alike and with zeros; otherwise a padding layer goes before it. A bias a unit
    comes after it. A kernel of one cell that strides meets every so manieth cell only: those are picked first, since
    oneDNN's own strided 1x1 convolution writes past its memory on the way back (torch 2.13 on a CPU, channels-last maps,
    batches of changing size), which ends the process."""
    channels, height, width = step.input
    sides = pads(conv, height, width)
    (top, bottom), (left, right) = sides
    picks = conv.kernel_size == (1, 1) and conv.stride != (1, 1)
    alike = top == bottom and left == right and not conv.pad_value and not picks
    options = {"stride": 1 if picks else conv.stride, "padding": (top, left) if alike else 0, "dilation": conv.dilation}
    kind = nn.Conv2d if conv.inputs_per_filter is None else PartialConv2d
    kernels = skip_init(
        kind, channels, conv.filters, conv.kernel_size, **options, bias=conv.bias == "per channel", dtype=dtype
    )
    if conv.inputs_per_filter is not None:
        kernels.connect(conv.inputs_per_filter)
    if conv.bias == "per unit":
        kernels = nn.Sequential(kernels, Shift(step.output, dtype))
    if picks:
        kernels = nn.Sequential(EverySo(conv.stride), kernels)
    return kernels if alike else padded(sides, conv.pad_value, kernels)


def padded(sides: Sides, value: float, layer: nn.Module) -> nn.Module:
    """With a padding layer before it, where there is something to pad."""
    (top, bottom), (left, right) = sides
    if not any((top, bottom, left, right)):
        return layer
    return nn.Sequential(nn.ConstantPad2d((left, right, top, bottom), value), layer)


def pooling(pool: Pool, shape: tuple[int, int, int]) -> nn.Module:
    """Where windows reach over the border, padding goes before: -inf is never the largest, 0 adds nothing."""
    sides = pads(pool, *shape[1:])
    if pool.mode == "average" and any(map(any, sides)):
        return PresentAverage(padded(sides, 0.0, plain_pooling(pool.model_copy(update={"mode": "sum"}))))
    return padded(sides, float("-inf") if pool.mode == "max" else 0.0, plain_pooling(pool))


def plain_pooling(pool: Pool) -> nn.Module:
    match pool.mode:
        case "max":
            return nn.MaxPool2d(pool.window, pool.step)
        case "average":
            return nn.AvgPool2d(pool.window, pool.step)
        case "sum":
            return nn.AvgPool2d(pool.window, pool.step, divisor_override=1)
        case "l2":
            return L2Pool(pool.window, pool.step)


def nonlinearity(activation: Activation) -> nn.Module:
    match activation.function:
        case "linear":
            return nn.Identity()
        case "sigmoid":
            return nn.Sigmoid()
        case "tanh":
            return nn.Tanh()
        case "relu":
            return nn.ReLU()
        case "leaky_relu":
            return nn.LeakyReLU(activation.slope)
        case "elu":
            return nn.ELU(activation.alpha)
        case "maxout":
            return Maxout(activation.pieces)
        case "softmax":
            return nn.Softmax(dim=1)


class EverySo(nn.Module):
    """Every so manieth row and column, the first included."""

    def __init__(self, stride: tuple[int, int]):
        super().__init__()
        self.down, self.right = stride

    def forward(self, x: Tensor) -> Tensor:
        return x[:, :, :: self.down, :: self.right]


class PresentAverage(nn.Module):
    """The mean of the cells of a window that are there; nn.AvgPool2d can leave out pads, but not uneven ones."""

    def __init__(self, sums: nn.Module):
        super().__init__()
        self.sums = sums

    def forward(self, x: Tensor) -> Tensor:
        return self.sums(x) / self.sums(torch.ones_like(x[:1, :1]))


class PartialConv2d(nn.Conv2d):
    """nn.Conv2d whose maps see some of the input's maps: core's kernels, with zeros put where a map is not seen."""

    def connect(self, inputs_per_filter: int) -> None:
        """Makes room for kernels (maps, sees, kh, kw)."""
        table = torch.as_tensor(seen(self.out_channels, self.in_channels, inputs_per_filter))
        self.register_buffer("table", table, persistent=False)
        self.register_buffer("rows", torch.arange(len(table))[:, None], persistent=False)
        weight = torch.empty((*table.shape, *self.kernel_size), dtype=self.weight.dtype)
        self.weight = nn.Parameter(weight)

    def forward(self, x: Tensor) -> Tensor:
        whole = self.weight.new_zeros(self.out_channels, self.in_channels, *self.kernel_size)
        whole = whole.index_put((self.rows, self.table), self.weight)
        return self._conv_forward(x, whole, self.bias)


class Local(nn.Module):
    """PyTorch has no locally connected layer: windows laid out as columns, one product a place."""

    def __init__(self, local: LocallyConnected, step: Step, dtype: torch.dtype):
        super().__init__()
        self.kernel, self.stride = local.kernel_size, local.stride
        shapes = weight_shapes(step)
        self.weight = nn.Parameter(torch.empty(shapes["weights"], dtype=dtype))
        self.shift = Shift(shapes["biases"], dtype) if "biases" in shapes else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        maps, *_window, rows, columns = self.weight.shape
        met = unfold(x, self.kernel, stride=self.stride)  # (N, C*kh*kw, places)
        sums = torch.einsum("nwp,kwp->nkp", met, self.weight.reshape(maps, -1, rows * columns))
        return self.shift(sums.unflatten(2, (rows, columns)))


class Shift(nn.Module):
    """Adds a number a map or feature, or one a unit."""

    def __init__(self, shape: tuple[int, ...], dtype: torch.dtype):
        super().__init__()
        self.bias = nn.Parameter(torch.empty(shape, dtype=dtype))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.bias.reshape(*self.bias.shape, *[1] * (x.ndim - 1 - self.bias.ndim))


class Normalisation(nn.Module):
    """nn.BatchNorm2d keeps the unbiased variance and refuses a batch with one number a channel; this does neither."""

    def __init__(self, norm: BatchNorm, channels: int, dtype: torch.dtype):
        super().__init__()
        self.momentum, self.epsilon = norm.momentum, norm.epsilon
        self.gamma = nn.Parameter(torch.empty(channels, dtype=dtype))
        self.beta = nn.Parameter(torch.empty(channels, dtype=dtype))
        self.register_buffer("running_mean", torch.zeros(channels, dtype=dtype))
        self.register_buffer("running_variance", torch.ones(channels, dtype=dtype))

    def forward(self, x: Tensor) -> Tensor:
        running = None, None
        if self.training:
            self._move(x.detach())
        else:
            running = self.running_mean, self.running_variance
        return torch.batch_norm(x, self.gamma, self.beta, *running, self.training, 0.0, self.epsilon, True)

    @torch.no_grad()
    def _move(self, x: Tensor) -> None:
        variance, mean = torch.var_mean(x, [0, *range(2, x.ndim)], correction=0)
        self.running_mean.mul_(self.momentum).add_(mean, alpha=1 - self.momentum)
        self.running_variance.mul_(self.momentum).add_(variance, alpha=1 - self.momentum)


class MeanOfMaps(nn.Module):
    """(N, C, H, W) -> (N, C)"""

    def forward(self, x: Tensor) -> Tensor:
        return x.mean((2, 3))


class L2Pool(nn.Module):
    """The root of the sum of squares; nn.LPPool2d has a NaN gradient where a window is all zero, this has 0."""

    def __init__(self, window: tuple[int, int], step: tuple[int, int]):
        super().__init__()
        self.window, self.step = window, step

    def forward(self, x: Tensor) -> Tensor:
        squares = avg_pool2d(x * x, self.window, self.step, divisor_override=1)
        return torch.where(squares > 0, squares, 1).sqrt() * (squares > 0)


class ChannelMajorFlatten(nn.Module):
    """nn.Flatten, but the gradient goes back channels-last: the way back through a max pool is then five times faster."""

    def forward(self, x: Tensor) -> Tensor:
        return _InMemoryOrder.apply(x).flatten(1)


class _InMemoryOrder(torch.autograd.Function):
    """The same numbers, stored channel by channel forward and channels-last backward."""

    @staticmethod
    def forward(context, x: Tensor) -> Tensor:
        return x.contiguous()

    @staticmethod
    def backward(context, dy: Tensor) -> Tensor:
        return dy.contiguous(memory_format=torch.channels_last)


class Maxout(nn.Module):
    """The largest of every `pieces` neighbouring channels; of equal ones the first gets the gradient."""

    def __init__(self, pieces: int):
        super().__init__()
        self.pieces = pieces

    def forward(self, x: Tensor) -> Tensor:
        return x.unflatten(1, (-1, self.pieces)).max(dim=2).values


class MaskedDropout(nn.Module):
    """nn.Dropout draws its own mask; here it comes from core, so that every backend drops the same numbers."""

    def __init__(self, rate: float, mode: str):
        super().__init__()
        self.rate, self.classic = rate, mode == "classic"

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        if self.classic:
            return x * (1 - self.rate) if mask is None else x * mask
        return x if mask is None else x * mask / (1 - self.rate)


class Sum(nn.Module):
    """Where the two ways of a residual block meet again."""

    def forward(self, ways: list[Tensor]) -> Tensor:
        y, short = ways
        return y + short


class Join(nn.Module):
    """Where branches meet again: channels one after the other."""

    def forward(self, ways: list[Tensor]) -> Tensor:
        return torch.cat(ways, dim=1)
