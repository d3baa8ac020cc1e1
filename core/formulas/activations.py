"""Activation functions in words and formulas, with the numbers that stand in them."""

from core.formulas.recipe import number
from core.network.layers import Activation


SENTENCES = {
    "linear": "Hands every number on as it is: layers without another function between them are one linear layer.",
    "sigmoid": "Squeezes every number into 0 to 1; far from 0 it is flat, and hardly any gradient comes through.",
    "tanh": "Squeezes every number into -1 to 1, around 0; far from 0 it is flat, and hardly any gradient comes through.",
    "relu": "Keeps what is positive, sets the rest to 0: the gradient passes whole, or not at all.",
    "leaky_relu": "Keeps what is positive and a small part of the rest, so that no unit is ever without a gradient.",
    "elu": "Keeps what is positive; below 0 it bends smoothly towards a lowest value, so that the mean stays near 0.",
    "maxout": "Of neighbouring channels only the largest goes on: the network learns the shape of the function.",
    "softmax": "Makes shares of all channels that add up to 1: the probabilities of the classes.",
}


def activation_sentence(it: Activation) -> str:
    return SENTENCES[it.function]


def activation(it: Activation, channels: int) -> str:
    """LaTeX of y for one number x; `channels` come out."""
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
