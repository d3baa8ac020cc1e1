"""A network as idiomatic PyTorch code. Imports no framework."""

from backends.pytorch.snippets import SNIPPETS
from core.codegen import called, pair, shape_comment, snippets_of
from core.network.blocks import Residual
from core.network.connection_table import groups, seen
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
from core.network.network import Network
from core.network.shapes import Step, outline, pads


PLAIN = {"linear": "Identity", "sigmoid": "Sigmoid", "tanh": "Tanh", "relu": "ReLU"}
NORM_NOTE = "# nn.BatchNorm tracks the unbiased variance, ConvScope the biased one: a small difference.\n"


def source(network: Network) -> str:
    """A script that builds `model`. Layers, weight shapes and their order are those of ConvScope; PyTorch chooses the
    initial weights. Raises NetworkError for an invalid network."""
    steps = outline(network)
    body = "\n".join(["model = nn.Sequential(", *row(steps, 1), ")"])
    classes = snippets_of(SNIPPETS, body)
    imports = ["import torch"] if "torch." in classes + body else []
    imports += ["from torch import nn"] + (["from torch.nn import functional as F"] if "F." in classes + body else [])
    sizes = f"# images (N, {shape_comment(network.input_shape)}) -> (N, {shape_comment(steps[-1].output)})\n"
    note = NORM_NOTE if "nn.BatchNorm" in body else ""
    return "\n".join(imports) + "\n\n" + classes + ("\n" if classes else "") + sizes + note + body + "\n"


def row(steps: tuple[Step, ...], depth: int) -> list[str]:
    """The indented lines of consecutive steps; a comment on each step's last line gives its name and output shape."""
    indent, lines = "    " * depth, []
    for step in steps:
        lines += block(step, depth) if step.rows else [f"{indent}{call}," for call in calls(step)]
        lines[-1] += f"  # {step.layer.name}: {shape_comment(step.output, ' x ')}"
    return lines


def block(step: Step, depth: int) -> list[str]:
    indent = "    " * depth
    name = "Residual" if isinstance(step.layer, Residual) else "Branches"
    paths = [line for path in step.rows for line in sequence(path, depth + 1)]
    return [f"{indent}{name}(", *paths, f"{indent}),"]


def sequence(path: tuple[Step, ...], depth: int) -> list[str]:
    indent = "    " * depth
    if not path:
        return [f"{indent}nn.Identity(),"]
    return [f"{indent}nn.Sequential(", *row(path, depth + 1), f"{indent}),"]


def calls(step: Step) -> list[str]:
    """The calls that build one layer: usually one module, sometimes with padding before it or a bias after it."""
    match step.layer:
        case Dense(units=units, bias=bias):
            return [called("nn.Linear", step.input[0], units, bias=(bias != "none", True))]
        case Conv2D() as conv:
            return convolution(conv, step)
        case LocallyConnected() as local:
            return locally_connected(local, step)
        case Bias(bias=bias):
            return [shift(bias, step)]
        case BatchNorm(momentum=momentum, epsilon=epsilon):
            kind = "nn.BatchNorm2d" if len(step.input) == 3 else "nn.BatchNorm1d"
            share = round(
                1 - momentum, 12
            )  # PyTorch's momentum is the weight of the new batch, one minus everybody else's
            return [called(kind, step.input[0], eps=(epsilon, 1e-5), momentum=(share, 0.1))]
        case Pool() as pool:
            return pooling(pool, step)
        case GlobalAveragePool():
            return ["nn.AdaptiveAvgPool2d(1)", "nn.Flatten()"]
        case Activation() as activation:
            return [nonlinearity(activation)]
        case Flatten():
            return ["nn.Flatten()"]
        case Dropout(rate=rate, mode=mode):
            return [called("ClassicDropout" if mode == "classic" else "nn.Dropout", rate)]
    raise TypeError(f"no PyTorch code for {type(step.layer).__name__}")


def convolution(conv: Conv2D, step: Step) -> list[str]:
    channels, height, width = step.input
    sides = pads(conv, height, width)
    inside = even(sides) and not conv.pad_value
    options = {
        "stride": (pair(conv.stride), 1),
        "padding": (pair((sides[0][0], sides[1][0])) if inside else 0, 0),
        "dilation": (pair(conv.dilation), 1),
    }
    before = [] if inside else padding(sides, conv.pad_value)
    after = [shift("per unit", step)] if conv.bias == "per unit" else []
    count, own = groups(conv.filters, channels, conv.inputs_per_filter), {"bias": (conv.bias == "per channel", True)}
    if count is None:
        table = seen(conv.filters, channels, conv.inputs_per_filter).tolist()
        return [*before, called("PartialConv2d", channels, table, conv.kernel_size, **options, **own), *after]
    kernels = called("nn.Conv2d", channels, conv.filters, pair(conv.kernel_size), **options, groups=(count, 1), **own)
    return [*before, kernels, *after]


def locally_connected(local: LocallyConnected, step: Step) -> list[str]:
    channels, *cells = step.input
    positions = tuple(step.output[1:])
    kernels = called("LocallyConnected2d", channels, local.filters, local.kernel_size, positions, local.stride)
    after = [] if local.bias == "none" else [shift(local.bias, step)]
    return [*padding(pads(local, *cells), local.pad_value), kernels, *after]


def shift(bias: str, step: Step) -> str:
    """One bias per unit, per channel (C, 1, 1), or per feature (D,)."""
    shape = step.output if bias == "per unit" else (step.output[0], *[1] * (len(step.output) - 1))
    return called("Bias", *shape)


def padding(sides: Sides, value: float) -> list[str]:
    (top, bottom), (left, right) = sides
    if not any((top, bottom, left, right)):
        return []
    outside = (left, right, top, bottom)
    return [called("nn.ConstantPad2d", outside, value) if value else called("nn.ZeroPad2d", outside)]


def pooling(pool: Pool, step: Step) -> list[str]:
    """PyTorch can round sizes up (`ceil_mode`), but pads both sides equally: uneven padding needs a separate layer."""
    ceil = pool.padding == "ceil" and any(map(any, pads(pool, *step.input[1:])))
    sides = ((0, 0), (0, 0)) if pool.padding == "ceil" else pads(pool, *step.input[1:])
    window, stride = pair(pool.window), (pair(pool.step), pair(pool.window))
    (top, bottom), (left, right) = sides
    mode, inside = {"ceil_mode": (ceil, False)}, {"padding": (pair((top, left)), 0)}
    match pool.mode, even(sides):
        case "max", True:
            return [called("nn.MaxPool2d", window, stride=stride, **inside, **mode)]
        case "max", False:
            outside = f"nn.ConstantPad2d({(left, right, top, bottom)}, float('-inf'))"
            return [outside, called("nn.MaxPool2d", window, stride=stride)]
        case "average", True:
            counts = {"count_include_pad": (not (top or left), True)}
            return [called("nn.AvgPool2d", window, stride=stride, **inside, **mode, **counts)]
        case "average", False:
            return [called("PresentAverage", pool.window, pool.step, (left, right, top, bottom))]
        case "sum", _:
            sums = called("nn.AvgPool2d", window, stride=stride, **mode, divisor_override=(1, None))
            return [*padding(sides, 0), sums]
    return [*padding(sides, 0), called("L2Pool2d", pool.window, pool.step, **mode)]


def even(sides: Sides) -> bool:
    return all(before == after for before, after in sides)


def nonlinearity(activation: Activation) -> str:
    match activation.function:
        case "leaky_relu":
            return called("nn.LeakyReLU", activation.slope)
        case "elu":
            return called("nn.ELU", alpha=(activation.alpha, 1.0))
        case "maxout":
            return called("Maxout", activation.pieces)
        case "softmax":
            return "nn.Softmax(dim=1)"
    return f"nn.{PLAIN[activation.function]}()"
