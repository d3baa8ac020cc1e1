"""How recorded networks do on changed digits: numbers in the text are read from the recording, never typed."""

import numpy as np

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


def broken_amounts(change: str):
    """The recorded sizes of a change: "shift", "rotate", "size", "ink", "noise", "salt", "negative", "frame", "attack"."""
    return np.asarray(read(PATH).numbers[f"{change}: amounts"], float)


def broken_curve(network: str, change: str):
    """Share of the first test digits told rightly by "dense", "conv" or "relu" (or by the small network: "plain",
    "taught") at each amount."""
    return np.asarray(read(PATH).numbers[f"{change}: {network}"]) / 100


def broken_percent(network: str, change: str, amount: float) -> float:
    """The same at one amount, in percent."""
    return float(100 * broken_curve(network, change)[list(broken_amounts(change)).index(amount)])


def long_trained_percent(network: str, change: str) -> float:
    """Percent right that was measured once for networks trained longer: "dense", "conv20", "2 conv", "2 conv ReLU"; changes
    as "shift 4 px", "rotate 90", "gradient sign 0.1"."""
    return KNOWN[change][COLUMNS.index(network)]


def turned_percent(network: str, degrees: int, digit: int) -> float:
    """Percent of the test digits of one kind told rightly when turned by 90 or 180 degrees."""
    return read(PATH).numbers[f"turned {degrees}: {network}"][digit]


def least_sure_mistake() -> float:
    """The lowest confidence of "relu" in its ten surest mistakes on clean test digits, in percent."""
    said = read(PATH).array("said: shift")[0, MISTAKES, -1]
    return float(100 * said.max(axis=1).min())


def grey_of(red: float, green: float, blue: float) -> float:
    """How bright a colour is when it is seen in grey (ITU-R BT.601)."""
    return float(np.dot(GREY, [red, green, blue]))
