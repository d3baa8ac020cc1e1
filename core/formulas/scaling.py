"""Scalings in words and formulas, with the numbers fitted to the training images, or symbols if there are none."""

from core.arrays import Array
from core.data.preparation.scaling import AnyScaling, FittedScaling, Global, PerChannel, PerPixel, Raw, Signed, Unit
from core.formulas.recipe import number


SENTENCES = {
    "raw": "The original grey levels: numbers up to 255 lead to large sums and large steps.",
    "unit": "Black is 0, white is 1: no pixel is negative or large.",
    "signed": "Black is -1, white is 1, medium grey is 0.",
    "global": "One mean and one standard deviation for all pixels of all training images: then mean 0 and deviation 1.",
    "per_channel": "Each colour channel has its own mean and standard deviation, so that none dominates.",
    "per_pixel": "Each pixel has its own mean and deviation over the training images: rare values become large.",
}
CHANNELS_SHOWN = 4


def scaling_formula(it: AnyScaling, fitted: FittedScaling | None = None) -> str:
    """LaTeX of the scaling of a grey level x; m and s are mean and standard deviation of the training images."""
    match it:
        case Raw():
            return r"y = x,\quad 0 \le y \le 255"
        case Unit():
            return r"y = \dfrac{x}{255}"
        case Signed():
            return r"y = \dfrac{x - 127.5}{127.5}"
        case Global(floor=floor):
            return _standardised(floor) + (" = " + _numbers(fitted, 0) if fitted else "")
        case PerChannel(floor=floor):
            if fitted is None or fitted.shift.size > CHANNELS_SHOWN:
                return _standardised(floor, "_c")
            each = [rf"y_{c} = {_numbers(fitted, c)}" for c in range(fitted.shift.size)]
            return _standardised(floor, "_c") + r":\quad " + r",\; ".join(each)
        case PerPixel(floor=floor, epsilon=epsilon):
            ranges = rf",\quad {_range('m', fitted.shift)}" if fitted else ""
            return _standardised(floor, "_{i,j}", epsilon) + ranges
    raise TypeError(f"no formula for {type(it).__name__}")


def unchanging_pixels(fitted: FittedScaling) -> str:
    """For per-pixel scaling, a warning about pixels that are the same in all training images; "" if there are none."""
    if not fitted.constant:
        return ""
    divisor = float(fitted.divisor.min())
    return (
        f"{fitted.constant:,} of {fitted.shift.size:,} pixels have standard deviation 0: they are the same in all "
        f"{fitted.fitted_on:,} training images. They are divided by {divisor:g}, so a difference of 255 grey levels "
        f"in a new image becomes {255 / divisor:,.0f}."
    )


def explodes(fitted: FittedScaling) -> bool:
    """Whether scaling can make a pixel larger than its grey level."""
    return bool(fitted.constant) and float(fitted.divisor.min()) < 1


def _standardised(floor: float, of: str = "", epsilon: float = 0.0) -> str:
    deviation = f"s{of}" + (f" + {number(epsilon)}" if epsilon else "")
    divisor = rf"\max({deviation},\, {number(floor)})" if floor else deviation
    return rf"y = \dfrac{{x - m{of}}}{{{divisor}}}"


def _numbers(fitted: FittedScaling, index: int) -> str:
    shift, divisor = fitted.shift.ravel()[index], fitted.divisor.ravel()[index]
    return rf"\dfrac{{x - {shift:.1f}}}{{{divisor:.1f}}}"


def _range(name: str, values: Array) -> str:
    return rf"{values.min():.1f} \le {name} \le {values.max():.1f}"
