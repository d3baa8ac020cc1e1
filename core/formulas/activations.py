"""Activation functions in words and formulas, with their current parameters."""

from core.formulas.recipe import number
from core.network.layers import Activation


SENTENCES = {
    "linear": "Leaves every number unchanged: layers with nothing else between them act as one linear layer.",
    "sigmoid": "Squeezes every number into 0 to 1; far from 0 it is flat, so hardly any gradient passes.",
    "tanh": "Squeezes every number into -1 to 1; far from 0 it is flat, so hardly any gradient passes.",
    "relu": "Keeps positive numbers and sets the rest to 0: the gradient passes unchanged or not at all.",
    "leaky_relu": "Keeps positive numbers and a small part of negative ones, so that every unit always has a gradient.",
    "elu": "Keeps positive numbers; below 0 it levels off smoothly, so that the mean stays near 0.",
    "maxout": "Keeps the largest of several neighbouring channels: the network learns the shape of the function.",
    "softmax": "Turns the channels into shares that add up to 1: the probabilities of the classes.",
}


def activation_sentence(it: Activation) -> str:
    return SENTENCES[it.function]


def activation(it: Activation, channels: int) -> str:
    """LaTeX of the output y for an input x; `channels` is the number of output channels."""
    match it.function:
        case "linear":
            return "y = x"
        case "sigmoid":
            return r"y = \dfrac{1}{1 + e^{-x}}"
        case "tanh":
            return r"y = \tanh x = \dfrac{1 - e^{-2x}}{1 + e^{-2x}}"
        case "relu":
            return r"y = \max(0, x)"
        case "leaky_relu":
            return _above_zero(rf"{number(it.slope)}\,x")
        case "elu":
            return _above_zero(rf"{number(it.alpha)}\,(e^x - 1)")
        case "maxout":
            return rf"y_c = \max_{{k < {it.pieces}}} x_{{{it.pieces}c + k}},\quad c < {channels}"
        case "softmax":
            return rf"y_c = \dfrac{{e^{{x_c}}}}{{\sum_{{k < {channels}}} e^{{x_k}}}}"
    raise TypeError(f"no formula for {it.function}")


def _above_zero(otherwise: str) -> str:
    return rf"y = x\text{{ for }}x > 0,\text{{ else }}{otherwise}"
