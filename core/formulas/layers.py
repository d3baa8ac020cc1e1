"""Layers in words and formulas, with the numbers that stand in them: one sentence and one line of LaTeX a kind."""

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
    "max": "Keeps the largest number of each window: that a feature is there, not where exactly.",
    "average": "Takes the mean of each window: every cell counts the same.",
    "sum": "Adds up each window: as the mean, but larger.",
    "l2": "Takes the root of the sum of squares of each window: between the mean and the largest, and never negative.",
}


def sentence(step: Step) -> str:
    """What the layer does, said where it is chosen."""
    match step.layer:
        case Dense(units=units, bias=bias):
            added = "adds its bias" if bias == "per unit" else "adds no bias"
            return f"Each of the {units:,} units weighs all {step.input[0]:,} inputs, sums them up and {added}."
        case Flatten():
            return "Lays all numbers in one row, map by map and row by row; nothing is computed."
        case Pool(mode=mode) as pool:
            edge = " At the border only the cells that are there count." if _over_the_border(pool, step) else ""
            return POOLS[mode] + edge
        case Activation() as it:
            return activation_sentence(it)
        case Dropout(rate=rate, mode="inverted"):
            return (
                f"While training each number becomes 0 with probability {rate:g}, and the others grow so that the expected "
                "sum stays; afterwards nothing is done."
            )
        case Dropout(rate=rate):
            return (
                f"While training each number becomes 0 with probability {rate:g}, the others stay as they are; afterwards "
                "all shrink, so that the next layer sees the sum it expects."
            )
        case BatchNorm():
            of = "channel" if len(step.input) == 3 else "feature"
            return (
                f"Takes each {of}'s mean μ and deviation σ out, of the batch while training, else of the running "
                f"estimates; then learns its own scale γ and shift β. A bias right before it does nothing."
            )
        case GlobalAveragePool():
            return "One number a map: its mean. No dense layer needs to look at every cell then."
        case LocallyConnected():
            return "A convolution that shares nothing: each place has kernels of its own."
        case Bias(bias="per unit"):
            return "Adds a number of its own to every unit."
        case Bias():
            return "Adds one number a map, for where the bias comes after the pool."
        case Conv2D(filters=filters, inputs_per_filter=int(inputs_per_filter)):
            return f"Each filter reads some of the input channels: {groups_text(filters, step.input[0], inputs_per_filter)}."
        case Conv2D(filters=filters):
            whose = "the one map" if step.input[0] == 1 else f"all {step.input[0]:,} maps"
            return (
                f"Each of the {filters:,} filters slides over {whose} and draws a map of its own: at each place the sum of "
                "kernel times cells. The same kernel everywhere: what it finds, it finds anywhere."
            )
        case Residual(shortcut="identity"):
            return (
                "What the layers inside (F) make is added to what came in: on the way back, gradients pass around them."
            )
        case Residual():
            return "What the layers inside (F) make is added to what a 1x1 convolution (W) makes of the input, for other shapes."
        case Branches():
            return "Each branch looks at the same input; their outputs stand one after the other along the channels."
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
    """Whether its windows reach there."""
    _, height, width = step.input
    return any(map(any, pads(layer, height, width)))


def _times(shape) -> str:
    return r" \times ".join(map(str, shape))


def _pool(pool: Pool, step: Step) -> str:
    """Of each window; the cells are counted from the padding's corner."""
    (height, width), window = pool.window, rf"u < {pool.window[0]},\, v < {pool.window[1]}"
    cell = _cell(pool.step, (1, 1))
    outside = _over_the_border(pool, step)
    match pool.mode:
        case "max":
            made = rf"\max_{{{window}}} {cell}"
        case "average":
            made = rf"\dfrac{{1}}{{{'n' if outside else height * width}}} \sum_{{{window}}} {cell}"
            made += rf",\quad n \le {height * width}\text{{ cells there}}" if outside else ""
        case "sum":
            made = rf"\sum_{{{window}}} {cell}"
        case _:
            made = rf"\sqrt{{\textstyle\sum_{{{window}}} {cell}^2}}"
    return rf"y_{{c,i,j}} = {made}"


def _cell(stride: tuple[int, int], dilation: tuple[int, int]) -> str:
    """x at row 2i + u and column 2j + v."""
    i, j = (letter if by == 1 else f"{by}{letter}" for by, letter in zip(stride, "ij", strict=True))
    u, v = (letter if by == 1 else f"{by}{letter}" for by, letter in zip(dilation, "uv", strict=True))
    return rf"x_{{c,\,{i}+{u},\,{j}+{v}}}"


def _sums(layer: Conv2D | LocallyConnected, step: Step, indices: str) -> str:
    """y = sum + b, with the sizes of the sum and who has which bias."""
    _, seen, kh, kw, *_ = weight_shapes(step)["weights"]
    bias = {"per channel": " + b_k", "per unit": r" + b_{k,i,j}", "none": ""}[layer.bias]
    cell = _cell(layer.stride, layer.dilation)
    pad = rf",\quad {number(layer.pad_value)}\text{{ around }}x" if _over_the_border(layer, step) else ""
    return rf"y_{{k,i,j}} = \sum_{{c < {seen},\,u < {kh},\,v < {kw}}} W{indices}\,{cell}{bias}{pad}"
