"""core's layers as PyTorch modules: one small module per layer, images (N, C, H, W) as in core."""

from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.autograd.function import FunctionCtx
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
    Sides,
)
from core.network.shapes import Step, pads


def module(step: Step, dtype: torch.dtype) -> nn.Module:
    """The module for one step of a network. Its weights are not initialised: they come from core."""
    match step.layer:
        case Dense(units=units, bias=bias):
            return uninitialised(nn.Linear, step.input[0], units, bias=bias != "none", dtype=dtype)
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
            return GlobalAverage()
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
    """nn.Conv2d pads both sides of an axis equally and with zeros; other padding gets a layer before it, and a bias per
    unit a layer after it. A strided 1x1 convolution reads only every n-th row and column, so these are selected first:
    oneDNN's strided 1x1 convolution writes out of bounds in the backward pass and crashes the process (torch 2.13 on a
    CPU, channels-last, batches of varying size)."""
    channels, height, width = step.input
    sides = pads(conv, height, width)
    (top, bottom), (left, right) = sides
    subsampled = conv.kernel_size == (1, 1) and conv.stride != (1, 1)
    symmetric = top == bottom and left == right and not conv.pad_value and not subsampled
    options = {
        "stride": 1 if subsampled else conv.stride,
        "padding": (top, left) if symmetric else 0,
        "dilation": conv.dilation,
    }
    kind = nn.Conv2d if conv.inputs_per_filter is None else PartialConv2d
    kernels = uninitialised(
        kind, channels, conv.filters, conv.kernel_size, **options, bias=conv.bias == "per channel", dtype=dtype
    )
    if isinstance(kernels, PartialConv2d) and conv.inputs_per_filter is not None:
        kernels.connect(conv.inputs_per_filter)
    if conv.bias == "per unit":
        kernels = nn.Sequential(kernels, Shift(step.output, dtype))
    if subsampled:
        kernels = nn.Sequential(Subsample(conv.stride), kernels)
    return kernels if symmetric else padded(sides, conv.pad_value, kernels)


def uninitialised(kind: type[nn.Module], *sizes: Any, **options: Any) -> nn.Module:
    """A module whose weights are allocated but not drawn."""
    return cast(nn.Module, skip_init(kind, *sizes, **options))  # type: ignore[no-untyped-call]  # untyped in torch


def padded(sides: Sides, value: float, layer: nn.Module) -> nn.Module:
    """The layer, preceded by a padding layer if there is something to pad."""
    (top, bottom), (left, right) = sides
    if not any((top, bottom, left, right)):
        return layer
    return nn.Sequential(nn.ConstantPad2d((left, right, top, bottom), value), layer)


def pooling(pool: Pool, shape: tuple[int, ...]) -> nn.Module:
    """Where windows extend beyond the border, the input is padded first: -inf is never the maximum, 0 adds nothing."""
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


class Subsample(nn.Module):
    """Keeps every n-th row and column, starting with the first."""

    def __init__(self, stride: tuple[int, int]):
        super().__init__()
        self.down, self.right = stride

    def forward(self, x: Tensor) -> Tensor:
        return x[:, :, :: self.down, :: self.right]


class PresentAverage(nn.Module):
    """The mean over the cells of a window inside the image; nn.AvgPool2d can ignore padding, but not uneven padding."""

    def __init__(self, sums: nn.Module):
        super().__init__()
        self.sums = sums

    def forward(self, x: Tensor) -> Tensor:
        return cast(Tensor, self.sums(x) / self.sums(torch.ones_like(x[:1, :1])))


class PartialConv2d(nn.Conv2d):
    """nn.Conv2d whose filters see some of the input channels only: zeros stand in for the kernels of all others."""

    table: Tensor
    rows: Tensor

    def connect(self, inputs_per_filter: int) -> None:
        """Allocate the weight (filters, inputs_per_filter, kh, kw)."""
        table = torch.as_tensor(seen(self.out_channels, self.in_channels, inputs_per_filter))
        self.register_buffer("table", table, persistent=False)
        self.register_buffer("rows", torch.arange(len(table))[:, None], persistent=False)
        weight = torch.empty((*table.shape, *self.kernel_size), dtype=self.weight.dtype)
        self.weight = nn.Parameter(weight)

    def forward(self, x: Tensor) -> Tensor:
        whole = self.weight.new_zeros(self.out_channels, self.in_channels, *self.kernel_size)
        whole = whole.index_put((self.rows, self.table), self.weight)
        return cast(Tensor, self._conv_forward(x, whole, self.bias))


class Local(nn.Module):
    """A locally connected layer, which PyTorch lacks: windows as columns, one matrix product per position."""

    def __init__(self, local: LocallyConnected, step: Step, dtype: torch.dtype):
        super().__init__()
        self.kernel, self.stride = local.kernel_size, local.stride
        shapes = weight_shapes(step)
        self.weight = nn.Parameter(torch.empty(shapes["weights"], dtype=dtype))
        self.shift = Shift(shapes["biases"], dtype) if "biases" in shapes else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        filters, *_, rows, columns = self.weight.shape
        windows = unfold(x, self.kernel, stride=self.stride)  # (N, C*kh*kw, positions)
        sums = torch.einsum("nwp,kwp->nkp", windows, self.weight.reshape(filters, -1, rows * columns))
        return cast(Tensor, self.shift(torch.unflatten(sums, 2, (rows, columns))))


class Shift(nn.Module):
    """Adds one bias per channel or feature, or one per unit."""

    def __init__(self, shape: tuple[int, ...], dtype: torch.dtype):
        super().__init__()
        self.bias = nn.Parameter(torch.empty(shape, dtype=dtype))

    def forward(self, x: Tensor) -> Tensor:
        return x + self.bias.reshape(*self.bias.shape, *[1] * (x.ndim - 1 - self.bias.ndim))


class Normalisation(nn.Module):
    """Batch norm as core defines it. nn.BatchNorm2d would track the unbiased variance and refuse a batch with only one
    number per channel."""

    running_mean: Tensor
    running_variance: Tensor

    def __init__(self, norm: BatchNorm, channels: int, dtype: torch.dtype):
        super().__init__()
        self.momentum, self.epsilon = norm.momentum, norm.epsilon
        self.gamma = nn.Parameter(torch.empty(channels, dtype=dtype))
        self.beta = nn.Parameter(torch.empty(channels, dtype=dtype))
        self.register_buffer("running_mean", torch.zeros(channels, dtype=dtype))
        self.register_buffer("running_variance", torch.ones(channels, dtype=dtype))

    def forward(self, x: Tensor) -> Tensor:
        running: tuple[Tensor | None, Tensor | None] = None, None
        if self.training:
            self._move(x.detach())
            if x.numel() == x.shape[1]:  # of one number, torch.batch_norm makes beta ± rounding: across a ReLU's kink
                return (x * 0 * _per_channel(self.gamma, x)) + _per_channel(self.beta, x)
        else:
            running = self.running_mean, self.running_variance
        return torch.batch_norm(x, self.gamma, self.beta, *running, self.training, 0.0, self.epsilon, True)

    @torch.no_grad()
    def _move(self, x: Tensor) -> None:
        variance, mean = torch.var_mean(x, [0, *range(2, x.ndim)], correction=0)
        self.running_mean.mul_(self.momentum).add_(mean, alpha=1 - self.momentum)
        self.running_variance.mul_(self.momentum).add_(variance, alpha=1 - self.momentum)


def _per_channel(values: Tensor, x: Tensor) -> Tensor:
    return values.reshape(-1, *[1] * (x.ndim - 2))


class GlobalAverage(nn.Module):
    """The mean of each feature map: (N, C, H, W) -> (N, C)."""

    def forward(self, x: Tensor) -> Tensor:
        return x.mean((2, 3))


class L2Pool(nn.Module):
    """The root of the sum of squares. Where a window is all zero, nn.LPPool2d has gradient NaN; this has 0."""

    def __init__(self, window: tuple[int, int], step: tuple[int, int]):
        super().__init__()
        self.window, self.step = window, step

    def forward(self, x: Tensor) -> Tensor:
        squares = avg_pool2d(x * x, self.window, self.step, divisor_override=1)
        return torch.where(squares > 0, squares, 1).sqrt() * (squares > 0)


class ChannelMajorFlatten(nn.Module):
    """nn.Flatten with a channels-last gradient: the backward pass of a max pool below is then five times faster."""

    def forward(self, x: Tensor) -> Tensor:
        return cast(Tensor, _InMemoryOrder.apply(x)).flatten(1)  # type: ignore[no-untyped-call]  # untyped in torch


class _InMemoryOrder(torch.autograd.Function):
    """The identity, stored channels-first in the forward pass and channels-last in the backward pass."""

    @staticmethod
    def forward(context: FunctionCtx, x: Tensor) -> Tensor:
        return x.contiguous()

    @staticmethod
    def backward(context: FunctionCtx, dy: Tensor) -> Tensor:
        return dy.contiguous(memory_format=torch.channels_last)


class Maxout(nn.Module):
    """The maximum of each group of `pieces` neighbouring channels; in a tie, the first gets the gradient."""

    def __init__(self, pieces: int):
        super().__init__()
        self.pieces = pieces

    def forward(self, x: Tensor) -> Tensor:
        return torch.unflatten(x, 1, (-1, self.pieces)).max(dim=2).values


class MaskedDropout(nn.Module):
    """Dropout with a mask from core, so that every backend drops the same units; nn.Dropout draws its own."""

    def __init__(self, rate: float, mode: str):
        super().__init__()
        self.rate, self.classic = rate, mode == "classic"

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        if self.classic:
            return x * (1 - self.rate) if mask is None else x * mask
        return x if mask is None else x * mask / (1 - self.rate)


class Sum(nn.Module):
    """The end of a residual block: the sum of its two paths."""

    def forward(self, paths: list[Tensor]) -> Tensor:
        y, shortcut = paths
        return y + shortcut


class Join(nn.Module):
    """The end of parallel branches: their channels, concatenated."""

    def forward(self, paths: list[Tensor]) -> Tensor:
        return torch.cat(paths, dim=1)
