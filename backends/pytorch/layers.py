"""core's layers as PyTorch modules: one small module a layer, pictures (N, C, H, W) as in core."""

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d
from torch.nn.utils import skip_init

from core.network.composites import Branches, Residual
from core.network.layers import Activation, Conv2D, Dense, Dropout, Flatten, Pool
from core.network.shapes import Step, pads


def module(step: Step, dtype: torch.dtype) -> nn.Module:
    """The module for one step of a network. Its weights are not set yet: they come from core."""
    match step.layer:
        case Dense(units=units):
            return skip_init(nn.Linear, step.input[0], units, dtype=dtype)
        case Conv2D() as conv:
            return convolution(conv, step.input, dtype)
        case Pool() as pool:
            return pooling(pool, step.input)
        case Activation() as activation:
            return nonlinearity(activation)
        case Flatten():
            return ChannelMajorFlatten() if len(step.input) == 3 else nn.Identity()
        case Dropout(rate=rate):
            return MaskedDropout(rate)
        case Residual():
            return Sum()
        case Branches():
            return Join()
    raise TypeError(f"no PyTorch layer for {type(step.layer).__name__}")


def convolution(conv: Conv2D, shape: tuple[int, int, int], dtype: torch.dtype) -> nn.Module:
    """nn.Conv2d pads both sides of an axis alike; where core's sides differ, a padding layer goes before it."""
    channels, height, width = shape
    (top, bottom), (left, right) = pads(conv, height, width)
    if conv.kernel == (1, 1) and conv.stride != (1, 1):
        return one_cell_convolution(conv, channels, (left, right, top, bottom), dtype)
    alike = top == bottom and left == right
    kernels = skip_init(
        nn.Conv2d,
        channels,
        conv.maps,
        conv.kernel,
        stride=conv.stride,
        padding=(top, left) if alike else 0,
        dilation=conv.dilation,
        dtype=dtype,
    )
    return kernels if alike else nn.Sequential(nn.ZeroPad2d((left, right, top, bottom)), kernels)


def one_cell_convolution(conv: Conv2D, channels: int, sides: tuple, dtype: torch.dtype) -> nn.Module:
    """A kernel of one cell that strides looks at every so manieth cell only: those are picked first. oneDNN's own strided
    1x1 convolution writes past its memory on the way back (torch 2.13 on a CPU: 8 to 16 channels-last maps of 28x28,
    batches of changing size), which ends the process."""
    picked = [EverySo(conv.stride), skip_init(nn.Conv2d, channels, conv.maps, 1, dtype=dtype)]
    return nn.Sequential(*([nn.ZeroPad2d(sides)] if any(sides) else []), *picked)


def pooling(pool: Pool, shape: tuple[int, int, int]) -> nn.Module:
    """Where windows reach over the border, padding goes before: -inf is never the largest, 0 adds nothing."""
    (top, bottom), (left, right) = pads(pool, *shape[1:])
    if not (top or bottom or left or right):
        return plain_pooling(pool)
    border = nn.ConstantPad2d((left, right, top, bottom), float("-inf") if pool.how == "max" else 0.0)
    return PresentAverage(pool, border) if pool.how == "average" else nn.Sequential(border, plain_pooling(pool))


def plain_pooling(pool: Pool) -> nn.Module:
    match pool.how:
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

    def __init__(self, pool: Pool, border: nn.Module):
        super().__init__()
        self.pool, self.border = pool, border

    def forward(self, x: Tensor) -> Tensor:
        return self.sums(x) / self.sums(torch.ones_like(x[:1, :1]))

    def sums(self, x: Tensor) -> Tensor:
        return avg_pool2d(self.border(x), self.pool.window, self.pool.step, divisor_override=1)


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

    def __init__(self, rate: float):
        super().__init__()
        self.rate = rate

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
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
