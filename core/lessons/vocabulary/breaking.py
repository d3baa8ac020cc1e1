"""How recorded networks cope with altered digits; numbers in the text are read from the recording, never typed."""

import numpy as np

from core.arrays import Array
from core.demos.images.search_scenes import GREY
from core.recordings.arrays import read
from core.recordings.recording import FOLDER
from core.recordings.reference_robustness import COLUMNS, KNOWN


__all__ = [
    "broken_amounts", "broken_curve", "broken_percent", "grey_of", "least_sure_mistake", "long_trained_percent",
    "turned_percent",
]  # fmt: skip

PATH = FOLDER / "arrays" / "broken-digits.json"
MISTAKES = slice(10, None)


def broken_amounts(change: str) -> Array:
    """The recorded strengths of a change.

    `change` is "shift", "rotate", "size", "ink", "noise", "salt", "negative", "frame" or "attack".
    """
    return np.asarray(read(PATH).numbers[f"{change}: amounts"], float)


def broken_curve(network: str, change: str) -> Array:
    """The accuracy on the first test digits at each strength of a change.

    `network` is "dense", "conv" or "relu", or for the small network "plain" or "taught".
    """
    return np.asarray(read(PATH).numbers[f"{change}: {network}"]) / 100


def broken_percent(network: str, change: str, amount: float) -> float:
    """The accuracy at one strength of a change, in percent."""
    return float(100 * broken_curve(network, change)[list(broken_amounts(change)).index(amount)])


def long_trained_percent(network: str, change: str) -> float:
    """The accuracy of networks that were trained longer, measured once, in percent.

    `network` is "dense", "conv20", "2 conv" or "2 conv ReLU"; changes look like "shift 4 px", "rotate 90" or
    "gradient sign 0.1".
    """
    return KNOWN[change][COLUMNS.index(network)]


def turned_percent(network: str, degrees: int, digit: int) -> float:
    """The accuracy on the test images of one digit when rotated by 90 or 180 degrees, in percent."""
    return float(read(PATH).numbers[f"turned {degrees}: {network}"][digit])


def least_sure_mistake() -> float:
    """The lowest confidence among the ten most confident mistakes of "relu" on clean test digits, in percent."""
    probabilities = read(PATH).array("said: shift")[0, MISTAKES, -1]
    return float(100 * probabilities.max(axis=1).min())


def grey_of(red: float, green: float, blue: float) -> float:
    """The brightness of a colour when converted to grey (ITU-R BT.601)."""
    return float(np.dot(GREY, [red, green, blue]))
