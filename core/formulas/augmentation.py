"""Transforms of images in words and formulas, with the numbers as they are typed: what becomes of a pixel or a place."""

from core.data.preparation.augmentation import (
    Brightness,
    Color,
    Contrast,
    Erase,
    Flip,
    Noise,
    Rotate,
    SaltAndPepper,
    Shear,
    Shift,
    Zoom,
)
from core.formulas.recipe import number


CUT = "rounded, and cut to 0 to 255"


def sentence(it) -> str:
    """What happens to a training image, drawn anew each epoch."""
    match it:
        case Shift(pixels=most, fill=fill):
            return f"Moved by at most {most:,} pixels, across and down; what comes in has grey level {fill}."
        case Rotate(degrees=most, fill=fill):
            return f"Turned about its middle by at most {most:g}° to either side; what comes in has grey level {fill}."
        case Zoom(by=by):
            return f"Made larger or smaller about its middle: {1 - by:g} to {1 + by:g} times."
        case Shear(degrees=most):
            return f"Slanted by at most {most:g}° to either side, like italic letters: the rows slide."
        case Noise(deviation=deviation):
            return f"Every value is a little off: by {deviation:g} of 255 grey levels in the standard deviation; {CUT}."
        case SaltAndPepper(share=share):
            return f"{_percent(share)} of the pixels become black or white, half of them each."
        case Brightness(by=by):
            return f"All values of an image go up or down together, by at most {by:g} grey levels; {CUT}."
        case Contrast(by=by):
            return f"Values go away from the image's mean or towards it: {1 - by:g} to {1 + by:g} times; {CUT}."
        case Color(by=by):
            return f"Each channel goes up or down by itself, by at most {by:g} grey levels; {CUT}."
        case Flip(share=share):
            return (
                f"{_percent(share)} of the images are mirrored, left for right. A mirrored 2 is no 2: not for digits."
            )
        case Erase(share=share, size=size, fill=fill):
            return f"In {_percent(share)} of the images a box of {size:g} times each side gets grey level {fill}."
    raise TypeError(f"no sentence for {type(it).__name__}")


def formula(it) -> str:
    """LaTeX: y is the new image, x the old one; rows i and columns j are counted from the middle where it turns or
    grows."""
    match it:
        case Shift(pixels=most):
            return rf"y_{{i,\,j}} = x_{{i - a,\,j - b}},\quad |a|, |b| \le {most}"
        case Rotate(degrees=most):
            turned = r"i \cos\alpha + j \sin\alpha,\; j \cos\alpha - i \sin\alpha"
            return rf"y(i, j) = x({turned}),\quad |\alpha| \le {number(most)}°"
        case Zoom(by=by):
            return rf"y(i, j) = x(i / f,\; j / f),\quad {number(1 - by)} \le f \le {number(1 + by)}"
        case Shear(degrees=most):
            return rf"y(i, j) = x(i,\; j + i \tan\alpha),\quad |\alpha| \le {number(most)}°"
        case Noise(deviation=deviation):
            return rf"y = x + {number(deviation)}\,n,\quad n \sim \mathcal{{N}}(0, 1)"
        case SaltAndPepper(share=share):
            half = number(share / 2)
            return rf"P(y = 0) = P(y = 255) = {half},\quad P(y = x) = {number(1 - share)}"
        case Brightness(by=by):
            return rf"y = x + b,\quad |b| \le {number(by)}"
        case Contrast(by=by):
            return rf"y = \bar x + f\,(x - \bar x),\quad {number(1 - by)} \le f \le {number(1 + by)}"
        case Color(by=by):
            return rf"y_c = x_c + b_c,\quad |b_c| \le {number(by)}"
        case Flip(share=share):
            return rf"y_{{i,\,j}} = x_{{i,\,W - 1 - j}}\text{{ with probability }}{number(share)}"
        case Erase(share=share, size=size, fill=fill):
            box = rf"{number(size)}\,H \times {number(size)}\,W"
            return rf"y = {fill}\text{{ in a box of }}{box}\text{{ with probability }}{number(share)}"
    raise TypeError(f"no formula for {type(it).__name__}")


def _percent(share: float) -> str:
    return f"{100 * share:g} %"
