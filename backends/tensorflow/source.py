"""A network as idiomatic Keras code. Imports no framework."""

from collections.abc import Iterator
from itertools import count
from typing import Any

from backends.tensorflow.snippets import SNIPPETS
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


ORDER = "Permute((3, 1, 2))"
ORDER_NOTE = (
    "# Keras flattens position by position; Permute makes it channel by channel, as in PyTorch and ConvScope.\n"
)
NONE = ((0, 0), (0, 0))


def source(network: Network) -> str:
    """A script that builds `model`: Sequential, or the functional API if the network branches. Layers keep the names
    they have in ConvScope; Keras chooses the initial weights. Raises NetworkError for an invalid network."""
    steps = outline(network)
    channels, *cells = network.input_shape
    start = f"keras.Input({(*cells, channels)})"
    body = functional(start, steps) if any(step.rows for step in steps) else sequential(start, steps)
    classes = snippets_of(SNIPPETS, body)
    imports = "import keras\nfrom keras import layers" + (", ops" if "ops." in classes + body else "")
    sizes = f"# images (N, {shape_comment((*cells, channels))}) -> (N, {shape_comment(inside_out(steps[-1].output))})\n"
    note = ORDER_NOTE if ORDER in body else ""
    return f"{imports}\n\n{classes}" + ("\n" if classes else "") + f"{sizes}{note}{body}\n"


def sequential(start: str, steps: tuple[Step, ...]) -> str:
    lines = [f"        {call}," for step in steps for call in calls(step)]
    return "\n".join(["model = keras.Sequential(", "    [", f"        {start},", *lines, "    ]", ")"])


def functional(start: str, steps: tuple[Step, ...]) -> str:
    lines, _ = row(steps, "x", count(1))
    return "\n".join([f"inputs = x = {start}", *lines, "model = keras.Model(inputs, x)"])


def row(steps: tuple[Step, ...], at: str, number: Iterator[int]) -> tuple[list[str], str]:
    """Lines that send the variable `at` through consecutive steps, and the variable that holds the output."""
    lines = []
    for step in steps:
        if step.rows:
            lines += block(step, at, number)
        else:
            lines += [f"{at} = {call}({at})" for call in calls(step)]
    return lines, at


def block(step: Step, at: str, number: Iterator[int]) -> list[str]:
    """Each path of a block gets its own variable; their sum or concatenation is assigned to `at`."""
    nth, lines, ends = next(number), [], []
    for k, path in enumerate(step.rows, start=1):
        name = f"path{nth}_{k}"
        lines += [f"{name} = {at}", *row(path, name, number)[0]]
        ends.append(name)
    kind = "layers.Add" if isinstance(step.layer, Residual) else "layers.Concatenate"
    return [*lines, f"{at} = {kind}(name={step.layer.name!r})([{', '.join(ends)}])"]


def inside_out(shape: tuple[int, ...]) -> tuple[int, ...]:
    """(C, H, W) -> (H, W, C); (D,) stays."""
    return (*shape[1:], shape[0])


def calls(step: Step) -> list[str]:
    """The calls that build one layer: usually one, sometimes with padding before it or a bias after it."""
    named = {"name": (step.layer.name, "")}
    match step.layer:
        case Dense(units=units, bias=bias):
            return [called("layers.Dense", units, use_bias=(bias != "none", True), **named)]
        case Conv2D() as conv:
            return convolution(conv, step, named)
        case LocallyConnected() as local:
            return locally_connected(local, step, named)
        case Bias(bias=bias):
            return [shift(bias, step, step.layer.name)]
        case BatchNorm(momentum=momentum, epsilon=epsilon):
            return [called("layers.BatchNormalization", momentum=(momentum, 0.99), epsilon=(epsilon, 1e-3), **named)]
        case Pool() as pool:
            return pooling(pool, step, named)
        case GlobalAveragePool():
            return [called("layers.GlobalAveragePooling2D", **named)]
        case Activation() as activation:
            return [nonlinearity(activation, named)]
        case Flatten():
            return [*in_order(step.input), called("layers.Flatten", **named)]
        case Dropout(rate=rate, mode=mode):
            return [called("ClassicDropout" if mode == "classic" else "layers.Dropout", rate, **named)]
    raise TypeError(f"no Keras code for {type(step.layer).__name__}")


def in_order(shape: tuple[int, ...]) -> list[str]:
    """Puts the channels first if that changes the order: with several channels of several positions."""
    return [f"layers.{ORDER}"] if len(shape) == 3 and shape[0] > 1 and shape[1:] != (1, 1) else []


def convolution(conv: Conv2D, step: Step, named: dict[str, Any]) -> list[str]:
    """Keras does not allow a stride with a dilation: then a pooling layer after the convolution takes the stride."""
    channels, height, width = step.input
    count, sides = groups(conv.filters, channels, conv.inputs_per_filter), pads(conv, height, width)
    apart = conv.stride != (1, 1) and conv.dilation != (1, 1)
    own = conv.padding == "same" and not conv.pad_value and not apart and count is not None
    options = {"strides": (1 if apart else pair(conv.stride), 1)}
    spread = {"dilation_rate": (pair(conv.dilation), 1)}
    before = [] if own else padding(sides, conv.pad_value)
    after = [called("layers.MaxPooling2D", 1, pair(conv.stride))] if apart else []
    if count is None:
        table = seen(conv.filters, channels, conv.inputs_per_filter).tolist()
        kernels = called("PartialConv2D", channels, table, conv.kernel_size, **options, **spread, **named)
        return [*before, kernels, *after, *biased(conv.bias, step)]
    same = {"padding": ("same" if own and any(map(any, sides)) else "valid", "valid")}
    rest = {"groups": (count, 1), "use_bias": (conv.bias == "per channel", True)}
    kernels = called(
        "layers.Conv2D", conv.filters, pair(conv.kernel_size), **options, **same, **spread, **rest, **named
    )
    return [*before, kernels, *after, *(biased(conv.bias, step) if conv.bias == "per unit" else [])]


def locally_connected(local: LocallyConnected, step: Step, named: dict[str, Any]) -> list[str]:
    channels, *cells = step.input
    positions = tuple(step.output[1:])
    kernels = called("LocallyConnected2D", channels, local.filters, local.kernel_size, positions, local.stride, **named)
    return [*padding(pads(local, *cells), local.pad_value), kernels, *biased(local.bias, step)]


def biased(bias: str, step: Step) -> list[str]:
    return [] if bias == "none" else [shift(bias, step, f"{step.layer.name}.bias")]


def shift(bias: str, step: Step, name: str) -> str:
    shape = inside_out(step.output) if bias == "per unit" else (step.output[0],)
    return called("Bias", shape, name=(name, ""))


def padding(sides: Sides, value: float) -> list[str]:
    if not any(map(any, sides)):
        return []
    return [called("Pad", sides, value) if value else called("layers.ZeroPadding2D", sides)]


def pooling(pool: Pool, step: Step, named: dict[str, Any]) -> list[str]:
    """For "same", Keras pads as ConvScope does. It cannot round sizes up: "ceil" is padded in a separate layer."""
    sides = pads(pool, *step.input[1:])
    window, strides = pair(pool.window), {"strides": (pair(pool.step), pair(pool.window))}
    same = {"padding": ("same" if pool.padding == "same" and any(map(any, sides)) else "valid", "valid")}
    outside = any(map(any, sides)) and pool.padding == "ceil"
    match pool.mode:
        case "max":
            before = [f"Pad({sides}, float('-inf'))"] if outside else []
            return [*before, called("layers.MaxPooling2D", window, **strides, **same, **named)]
        case "average" if outside:
            return [called("PresentAverage", pool.window, pool.step, sides, **named)]
        case "average":
            return [called("layers.AveragePooling2D", window, **strides, **same, **named)]
        case "sum":
            means = called("layers.AveragePooling2D", window, **strides, **named)
            return [*padding(sides, 0), means, called("layers.Rescaling", float(pool.window[0] * pool.window[1]))]
    return [*padding(sides, 0), called("L2Pool", pool.window, pool.step, **named)]


def nonlinearity(activation: Activation, named: dict[str, Any]) -> str:
    match activation.function:
        case "leaky_relu" if 0 <= activation.slope <= 1:
            return called("layers.LeakyReLU", activation.slope, **named)
        case "leaky_relu":
            return called("LeakyReLU", activation.slope, **named)
        case "elu":
            return called("layers.ELU", alpha=(activation.alpha, 1.0), **named)
        case "maxout":
            return called("Maxout", activation.pieces, **named)
        case "softmax":
            return called("layers.Softmax", **named)
    return called("layers.Activation", activation.function, **named)
