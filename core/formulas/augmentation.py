"""Image transforms in words and formulas, with the numbers as typed: what happens to a pixel or a position."""

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
    Transform,
    Zoom,
)
from core.formulas.recipe import number


CLIPPED = "rounded and clipped to 0 to 255"


def sentence(it: Transform) -> str:
    """What happens to a training image, with new random numbers in each epoch."""
    match it:
        case Shift(pixels=most, fill=fill):
            return f"Shifted by up to {most:,} pixels in each direction; the uncovered area gets grey level {fill}."
        case Rotate(degrees=most, fill=fill):
            return f"Rotated about its centre by up to {most:g}° either way; uncovered corners get grey level {fill}."
        case Zoom(by=by):
            return f"Scaled about its centre by a factor of {1 - by:g} to {1 + by:g}."
        case Shear(degrees=most):
            return f"Slanted by up to {most:g}° either way, like italic letters."
        case Noise(deviation=deviation):
            return (
                f"Normally distributed noise is added to every value, with a standard deviation of {deviation:g} of "
                f"255 grey levels; {CLIPPED}."
            )
        case SaltAndPepper(share=share):
            return f"{_percent(share)} of the pixels become black or white, half of them each."
        case Brightness(by=by):
            return f"All values of an image change by the same amount, at most {by:g} grey levels; {CLIPPED}."
        case Contrast(by=by):
            return f"Differences from the image's mean are multiplied by {1 - by:g} to {1 + by:g}; {CLIPPED}."
        case Color(by=by):
            return f"Each channel changes by its own amount, at most {by:g} grey levels; {CLIPPED}."
        case Flip(share=share):
            return (
                f"{_percent(share)} of the images are mirrored left to right. Not for digits: a mirrored 2 is not a 2."
            )
        case Erase(share=share, size=size, fill=fill):
            return (
                f"In {_percent(share)} of the images, a box of {size:g} times the image's sides gets grey level {fill}."
            )
    raise TypeError(f"no sentence for {type(it).__name__}")


def formula(it: Transform) -> str:
    """LaTeX: y is the new image, x the old one. For rotation, zoom and shear, rows i and columns j are counted from the
    centre."""
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
