"""Layers in words and formulas with their current numbers: one sentence and one line of LaTeX per kind."""

from collections.abc import Sequence
from math import prod

from core.formulas.activations import activation, activation_sentence
from core.formulas.recipe import number
from core.network.blocks import Branches, Residual
from core.network.connection_table import groups_text
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
from core.network.shapes import Step, pads


POOLS = {
    "max": "Keeps the largest number of each window: whether a feature is there, not exactly where.",
    "average": "Takes the mean of each window: every cell counts the same.",
    "sum": "Adds up each window: like the mean, but larger.",
    "l2": "Takes the root of the sum of squares of each window: large values count most, and it is never negative.",
}


def sentence(step: Step) -> str:
    """What the layer does, for the place where it is chosen."""
    match step.layer:
        case Dense(units=units, bias=bias):
            added = "adds its bias" if bias == "per unit" else "adds no bias"
            return (
                f"Each of the {units:,} units multiplies all {step.input[0]:,} inputs by weights, adds up and {added}."
            )
        case Flatten():
            return "Puts all numbers into one row, map by map and row by row; computes nothing."
        case Pool(mode=mode) as pool:
            edge = " At the border, only the cells inside the image count." if _over_the_border(pool, step) else ""
            return POOLS[mode] + edge
        case Activation() as it:
            return activation_sentence(it)
        case Dropout(rate=rate, mode="inverted"):
            return (
                f"In training, each number becomes 0 with probability {rate:g}, and the others grow so that the "
                "expected sum stays the same; in evaluation, nothing happens."
            )
        case Dropout(rate=rate):
            return (
                f"In training, each number becomes 0 with probability {rate:g}; in evaluation, all numbers shrink, so "
                "that the next layer gets the sum it expects."
            )
        case BatchNorm():
            of = "channel" if len(step.input) == 3 else "feature"
            return (
                f"Normalises each {of} by its mean μ and standard deviation σ, those of the batch in training, running "
                f"estimates otherwise; then applies a learned scale γ and shift β. A bias just before it is useless."
            )
        case GlobalAveragePool():
            return "One number per feature map: its mean. The next dense layer then needs far fewer weights."
        case LocallyConnected():
            return "A convolution without weight sharing: each position has its own kernels."
        case Bias(bias="per unit"):
            return "Adds a separate number to every unit."
        case Bias():
            return "Adds one number per feature map, for networks whose bias comes after the pool."
        case Conv2D(filters=filters, inputs_per_filter=int(inputs_per_filter)):
            groups = groups_text(filters, step.input[0], inputs_per_filter)
            return f"Each filter reads only some of the input channels: {groups}."
        case Conv2D(filters=filters):
            channels = "the input" if step.input[0] == 1 else f"all {step.input[0]:,} input channels"
            return (
                f"Each of the {filters:,} filters slides over {channels} and produces one feature map: at each "
                "position, the sum of weights times cells. The weights are the same everywhere, so a feature is "
                "found anywhere."
            )
        case Residual(shortcut="identity"):
            return "Adds its input to the output of the layers inside (F): gradients can bypass the layers."
        case Residual():
            return (
                "Adds the output of the layers inside (F) to its input, which a 1x1 convolution (W) brings to the same "
                "shape."
            )
        case Branches():
            return "All branches read the same input; their outputs are concatenated along the channels."
    raise TypeError(f"no sentence for {type(step.layer).__name__}")


def formula(step: Step) -> str:
    """LaTeX with the layer's current numbers."""
    match step.layer:
        case Dense(units=units, bias=bias):
            added = " + b_k" if bias == "per unit" else ""
            return rf"y_k = \sum_{{i < {step.input[0]}}} W_{{k,i}}\,x_i{added},\quad k < {units}"
        case Flatten() if len(step.input) == 1:
            return rf"y_i = x_i,\quad i < {step.input[0]}"
        case Flatten():
            _, height, width = step.input
            return rf"y_{{{height * width}c + {width}i + j}} = x_{{c,i,j}}"
        case Pool() as pool:
            return _pool(pool, step)
        case Activation() as it:
            return activation(it, step.output[0])
        case Dropout(rate=rate, mode=mode):
            kept = number(1 - rate)
            rng = rf"\quad P(m = 1) = {kept}"
            if mode == "classic":
                return rf"y = m\,x\text{{ in training}},\quad y = {kept}\,x\text{{ afterwards}},{rng}"
            return rf"y = \dfrac{{m\,x}}{{{kept}}}\text{{ in training}},\quad y = x\text{{ afterwards}},{rng}"
        case BatchNorm(momentum=momentum, epsilon=epsilon):
            running = rf"\mu_r \leftarrow {number(momentum)}\,\mu_r + {number(1 - momentum)}\,\mu"
            return rf"y = \gamma\,\dfrac{{x - \mu}}{{\sqrt{{\sigma^2 + {number(epsilon)}}}}} + \beta,\quad {running}"
        case GlobalAveragePool():
            _, height, width = step.input
            return rf"y_c = \dfrac{{1}}{{{height * width}}} \sum_{{i < {height},\, j < {width}}} x_{{c,i,j}}"
        case LocallyConnected() as local:
            return _sums(local, step, "_{k,c,u,v,i,j}")
        case Bias(bias=bias):
            if len(step.input) == 1:
                return rf"y_c = x_c + b_c,\quad c < {step.input[0]}"
            whose = "{c,i,j}" if bias == "per unit" else "c"
            count = prod(step.input) if bias == "per unit" else step.input[0]
            return rf"y_{{c,i,j}} = x_{{c,i,j}} + b_{whose},\quad {count}\text{{ biases}}"
        case Conv2D() as conv:
            return _sums(conv, step, "_{k,c,u,v}")
        case Residual(shortcut="identity"):
            return rf"y = F(x) + x,\quad {_times(step.input)}\text{{ each}}"
        case Residual():
            shape = _times((step.output[0], step.input[0], 1, 1))
            return rf"y = F(x) + W x,\quad W\text{{: }}{shape}"
        case Branches():
            branches = [f"B_{index}(x)" for index in range(1, len(step.rows) + 1)]
            channels = " + ".join(str(row[-1].output[0] if row else step.input[0]) for row in step.rows)
            return r"y = [" + r",\, ".join(branches) + rf"],\quad {channels} = {step.output[0]}\text{{ channels}}"
    raise TypeError(f"no formula for {type(step.layer).__name__}")


def _over_the_border(layer: Conv2D | LocallyConnected | Pool, step: Step) -> bool:
    """Whether some windows extend beyond the input."""
    _, height, width = step.input
    return any(map(any, pads(layer, height, width)))


def _times(shape: Sequence[int]) -> str:
    return r" \times ".join(map(str, shape))


def _pool(pool: Pool, step: Step) -> str:
    """LaTeX of the pool of each window; cells are counted from the corner of the padded input."""
    (height, width), window = pool.window, rf"u < {pool.window[0]},\, v < {pool.window[1]}"
    cell = _cell(pool.step, (1, 1))
    outside = _over_the_border(pool, step)
    match pool.mode:
        case "max":
            value = rf"\max_{{{window}}} {cell}"
        case "average":
            value = rf"\dfrac{{1}}{{{'n' if outside else height * width}}} \sum_{{{window}}} {cell}"
            value += rf",\quad n \le {height * width}\text{{ cells inside}}" if outside else ""
        case "sum":
            value = rf"\sum_{{{window}}} {cell}"
        case _:
            value = rf"\sqrt{{\textstyle\sum_{{{window}}} {cell}^2}}"
    return rf"y_{{c,i,j}} = {value}"


def _cell(stride: tuple[int, int], dilation: tuple[int, int]) -> str:
    """LaTeX of the input cell, for example x at row 2i + u and column 2j + v."""
    i, j = (letter if by == 1 else f"{by}{letter}" for by, letter in zip(stride, "ij", strict=True))
    u, v = (letter if by == 1 else f"{by}{letter}" for by, letter in zip(dilation, "uv", strict=True))
    return rf"x_{{c,\,{i}+{u},\,{j}+{v}}}"


def _sums(layer: Conv2D | LocallyConnected, step: Step, indices: str) -> str:
    """LaTeX of y = sum + b, with the sizes of the sum and the indices of the bias."""
    _, channels, kh, kw, *_ = weight_shapes(step)["weights"]
    bias = {"per channel": " + b_k", "per unit": r" + b_{k,i,j}", "none": ""}[layer.bias]
    cell = _cell(layer.stride, layer.dilation)
    pad = rf",\quad {number(layer.pad_value)}\text{{ around }}x" if _over_the_border(layer, step) else ""
    return rf"y_{{k,i,j}} = \sum_{{c < {channels},\,u < {kh},\,v < {kw}}} W{indices}\,{cell}{bias}{pad}"
