"""Initial weights in words and formulas: the limit or standard deviation for one layer's fan-in and fan-out."""

from core.formulas.recipe import number
from core.network.initial_weights import spread
from core.network.initializers import (
    AnyInitial,
    Constant,
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    Normal,
    OneOverInOut,
    OneOverOut,
    Uniform,
    UniformOverIn,
    Zeros,
)


SENTENCES = {
    "glorot_uniform": "Uniform; the more inputs and outputs, the narrower: signals and gradients keep their size.",
    "glorot_normal": "Normal; the more inputs and outputs, the narrower: signals and gradients keep their size.",
    "he_normal": "For ReLU, which sets half of the signals to 0: twice the variance. Normal, cut at two deviations.",
    "he_uniform": "For ReLU, which sets half of the signals to 0: twice the variance. Uniform.",
    "normal": "Normal with this standard deviation, however many inputs a unit has.",
    "uniform": "Uniform between minus and plus this limit, however many inputs a unit has.",
    "one_over_out": "Normal; the more outputs an input feeds, the narrower. A following pool reduces their number.",
    "one_over_in_out": "Normal; the more inputs and outputs, the narrower. A following pool reduces the outputs.",
    "uniform_over_in": "Uniform, such that the input of a tanh stays where it is not flat.",
    "constant": "All the same. As weights, this makes all units identical, and they stay identical.",
    "zeros": "All 0. Right for biases; as weights, this makes all units identical, and they stay identical.",
}


def initial_sentence(it: AnyInitial) -> str:
    return SENTENCES[it.kind]


def initial_formula(it: AnyInitial, fans: tuple[float, float]) -> str:
    """LaTeX with the limit or the standard deviation of a layer with these (fan_in, fan_out)."""
    both, width = " + ".join(map(number, fans)), number(spread(it, fans))
    fan_in, fan_out = map(number, fans)
    match it:
        case Zeros() | Constant():
            return f"w = {width}"
        case Normal():
            return rf"w \sim \mathcal{{N}}(0, \sigma),\quad \sigma = {width}"
        case Uniform():
            return rf"-{width} \le w \le {width}"
        case GlorotUniform():
            return _limit(r"\sqrt{\dfrac{6}{n_{in} + n_{out}}}", rf"\sqrt{{\dfrac{{6}}{{{both}}}}}", width)
        case HeUniform():
            return _limit(r"\sqrt{\dfrac{6}{n_{in}}}", rf"\sqrt{{\dfrac{{6}}{{{fan_in}}}}}", width)
        case UniformOverIn(reach=reach):
            return _limit(rf"\dfrac{{{number(reach)}}}{{n_{{in}}}}", rf"\dfrac{{{number(reach)}}}{{{fan_in}}}", width)
        case GlorotNormal():
            return _deviation(r"\sqrt{\dfrac{2}{n_{in} + n_{out}}}", rf"\sqrt{{\dfrac{{2}}{{{both}}}}}", width)
        case HeNormal():
            return _deviation(r"\sqrt{\dfrac{2}{n_{in}}}", rf"\sqrt{{\dfrac{{2}}{{{fan_in}}}}}", width)
        case OneOverOut(pool_area=area):
            return _deviation(
                rf"\sqrt{{\dfrac{{{area}}}{{n_{{out}}}}}}", rf"\sqrt{{\dfrac{{{area}}}{{{fan_out}}}}}", width
            )
        case OneOverInOut(pool_area=area):
            share = rf"{{{fan_in} + {fan_out} / {area}}}"
            return _deviation(
                rf"\sqrt{{\dfrac{{1}}{{n_{{in}} + n_{{out}} / {area}}}}}", rf"\sqrt{{\dfrac{{1}}{share}}}", width
            )
    raise TypeError(f"no formula for {type(it).__name__}")


def _limit(symbols: str, numbers: str, width: str) -> str:
    return rf"|w| \le {symbols} = {numbers} = {width}"


def _deviation(symbols: str, numbers: str, width: str) -> str:
    return rf"\sigma = {symbols} = {numbers} = {width}"
