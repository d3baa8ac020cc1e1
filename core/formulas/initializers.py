"""Where weights start, in words and formulas: the limit or standard deviation for one layer's number of inputs and outputs."""

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
    "glorot_uniform": "Drawn evenly, narrower the more a unit has inputs and outputs: signals keep their size on both ways.",
    "glorot_normal": "Drawn from a bell curve, narrower the more a unit has inputs and outputs.",
    "he_normal": "For ReLU, which sets half of the signals to 0: twice the variance. Nothing beyond two deviations is drawn.",
    "he_uniform": "For ReLU, which sets half of the signals to 0: twice the variance, drawn evenly.",
    "normal": "Drawn from a bell curve of this width, however many inputs a unit has.",
    "uniform": "Drawn evenly between minus and plus this limit, however many inputs a unit has.",
    "one_over_out": "Drawn from a bell curve, narrower the more outputs an input feeds; a pool behind it takes some away.",
    "one_over_in_out": "Drawn from a bell curve, narrower the more inputs and outputs; a pool behind it takes outputs away.",
    "uniform_over_in": "Drawn evenly, so that the sum of all inputs stays where a tanh bends.",
    "constant": "All the same. As weights that makes all units alike, and they stay alike.",
    "zeros": "All 0. Right for biases; as weights it makes all units alike, and they stay alike.",
}


def initial_sentence(it: AnyInitial) -> str:
    return SENTENCES[it.kind]


def initial_formula(it: AnyInitial, fans: tuple[float, float]) -> str:
    """LaTeX with the limit or the standard deviation of a layer with these (fan_in, fan_out)."""
    both, wide = " + ".join(map(number, fans)), number(spread(it, fans))
    fan_in, fan_out = map(number, fans)
    match it:
        case Zeros() | Constant():
            return f"w = {wide}"
        case Normal():
            return rf"w \sim \mathcal{{N}}(0, \sigma),\quad \sigma = {wide}"
        case Uniform():
            return rf"-{wide} \le w \le {wide}"
        case GlorotUniform():
            return _limit(r"\sqrt{\dfrac{6}{n_{in} + n_{out}}}", rf"\sqrt{{\dfrac{{6}}{{{both}}}}}", wide)
        case HeUniform():
            return _limit(r"\sqrt{\dfrac{6}{n_{in}}}", rf"\sqrt{{\dfrac{{6}}{{{fan_in}}}}}", wide)
        case UniformOverIn(reach=reach):
            return _limit(rf"\dfrac{{{number(reach)}}}{{n_{{in}}}}", rf"\dfrac{{{number(reach)}}}{{{fan_in}}}", wide)
        case GlorotNormal():
            return _deviation(r"\sqrt{\dfrac{2}{n_{in} + n_{out}}}", rf"\sqrt{{\dfrac{{2}}{{{both}}}}}", wide)
        case HeNormal():
            return _deviation(r"\sqrt{\dfrac{2}{n_{in}}}", rf"\sqrt{{\dfrac{{2}}{{{fan_in}}}}}", wide)
        case OneOverOut(pool_area=area):
            return _deviation(
                rf"\sqrt{{\dfrac{{{area}}}{{n_{{out}}}}}}", rf"\sqrt{{\dfrac{{{area}}}{{{fan_out}}}}}", wide
            )
        case OneOverInOut(pool_area=area):
            share = rf"{{{fan_in} + {fan_out} / {area}}}"
            return _deviation(
                rf"\sqrt{{\dfrac{{1}}{{n_{{in}} + n_{{out}} / {area}}}}}", rf"\sqrt{{\dfrac{{1}}{share}}}", wide
            )
    raise TypeError(f"no formula for {type(it).__name__}")


def _limit(symbols: str, numbers: str, wide: str) -> str:
    return rf"|w| \le {symbols} = {numbers} = {wide}"


def _deviation(symbols: str, numbers: str, wide: str) -> str:
    return rf"\sigma = {symbols} = {numbers} = {wide}"
