"""Layers in words and formulas, with the numbers that stand in them: one sentence and one line of LaTeX a kind."""

from core.formulas import number
from core.network.composites import Branches, Residual
from core.network.connections import groups_text
from core.network.counting import weight_shapes
from core.network.layers import BatchNorm, Bias, Conv2D, GlobalAveragePool, LocallyConnected
from core.network.shapes import Step


def sentence(step: Step) -> str:
    """What the layer does, said where it is chosen; "" where its card says enough."""
    match step.layer:
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
        case Conv2D(maps=maps, sees=int(sees)):
            return f"Kernels see a part of the maps: {groups_text(maps, step.input[0], sees)}."
        case Residual(shortcut="identity"):
            return (
                "What the layers inside (F) make is added to what came in: on the way back, gradients pass around them."
            )
        case Residual():
            return "What the layers inside (F) make is added to what a 1x1 convolution (W) makes of the input, for other shapes."
        case Branches():
            return "Each branch looks at the same input; their outputs stand one after the other along the channels."
    return ""


def formula(step: Step) -> str:
    """LaTeX with the layer's current numbers; "" for a kind that needs none."""
    match step.layer:
        case BatchNorm(momentum=momentum, epsilon=epsilon):
            running = rf"\mu_r \leftarrow {number(momentum)}\,\mu_r + {number(1 - momentum)}\,\mu"
            return rf"y = \gamma\,\dfrac{{x - \mu}}{{\sqrt{{\sigma^2 + {number(epsilon)}}}}} + \beta,\quad {running}"
        case GlobalAveragePool():
            _, height, width = step.input
            return rf"y_c = \dfrac{{1}}{{{height * width}}} \sum_{{i < {height},\, j < {width}}} x_{{c,i,j}}"
        case LocallyConnected() as local:
            return _sums(local, step, "_{k,c,u,v,i,j}")
        case Bias(bias=bias):
            return r"y_{c,i,j} = x_{c,i,j} + b_" + (r"{c,i,j}" if bias == "per unit" else "c")
        case Conv2D() as conv if conv.sees or conv.bias != "per map" or conv.pad_value:
            return _sums(conv, step, "_{k,c,u,v}")
        case Residual(shortcut="identity"):
            return r"y = F(x) + x"
        case Residual():
            return r"y = F(x) + W x"
        case Branches():
            branches = [f"B_{number}(x)" for number in range(1, len(step.rows) + 1)]
            return r"y = [" + r",\, ".join(branches) + "]"
    return ""


def _sums(layer: Conv2D | LocallyConnected, step: Step, indices: str) -> str:
    """y = sum + b, with the sizes of the sum and who has which bias."""
    _, seen, kh, kw, *_ = weight_shapes(step)["weights"]
    bias = {"per map": " + b_k", "per unit": r" + b_{k,i,j}", "none": ""}[layer.bias]
    i, j = (letter if step == 1 else f"{step}{letter}" for step, letter in zip(layer.stride, "ij", strict=True))
    cell = rf"x_{{c,\,{i}+u,\,{j}+v}}"
    pad = rf",\quad {number(layer.pad_value)}\text{{ around }}x" if layer.pad_value else ""
    return rf"y_{{k,i,j}} = \sum_{{c < {seen},\,u < {kh},\,v < {kw}}} W{indices}\,{cell}{bias}{pad}"
