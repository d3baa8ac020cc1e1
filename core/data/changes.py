"""Changes of pictures, each with its strengths: what a network is asked that was trained on pictures as they are."""

from dataclasses import dataclass

import numpy as np

from core.data.warp import about_the_middle, moved, warp
from core.random import generator


OUTSIDE = 0
"""What comes in from outside a picture is black."""
WAYS = ((1, 0), (-1, 0), (0, 1), (0, -1))
"""Where pixels come from (rows, columns): the first picture moves up, the next one down, left, right."""


@dataclass(frozen=True)
class Change:
    name: str
    label: str
    unit: str
    """What a strength counts; "" where there is only one."""
    clean: float
    """The strength at which nothing is changed."""
    strengths: tuple[float, ...]
    """The others, rising."""
    sentence: str

    def words(self, strength: float) -> str:
        """ "Shift 2 pixels"."""
        return f"{self.label} {self.amount(strength)}" if self.unit else self.label

    def amount(self, strength: float) -> str:
        """ "2 pixels"; where there is only one strength, what it is."""
        if not self.unit:
            return "as it is" if strength == self.clean else self.label.lower()
        return f"{strength:g} {self.unit.removesuffix('s') if strength == 1 else self.unit}"


CHANGES = (
    Change(
        "shift", "Shift", "pixels", 0, (1, 2, 3, 4, 6), "Moved up, down, left or right, one picture after the other."
    ),
    Change("rotate", "Rotate", "degrees", 0, (10, 20, 30, 45, 90), "Turned clockwise about the middle."),
    Change("zoom", "Zoom", "times the size", 1, (0.5, 0.7, 0.85, 1.15, 1.3, 1.5), "Made smaller or larger."),
    Change(
        "noise",
        "Noise",
        "of black to white",
        0,
        (0.1, 0.2, 0.3, 0.5),
        "Every value a little off, each by its own draw from a normal distribution with this standard deviation.",
    ),
    Change("negative", "Negative", "", 0, (1,), "Black becomes white, and every colour its opposite."),
)


def changed(name: str, pictures: np.ndarray, strength: float, first: int = 0) -> np.ndarray:
    """Pictures (N, C, H, W) uint8 -> as many, float64 grey levels from 0 to 255. Each depends on its own number, `first`
    being that of the first one, so that a block of them is changed as it would be among all. Raises KeyError."""
    return np.clip(_CHANGED[name](pictures, strength, first), 0.0, 255.0)


def _shifted(pictures: np.ndarray, by: float, first: int) -> np.ndarray:
    ways = np.array(WAYS)[(first + np.arange(len(pictures))) % len(WAYS)] * int(by)
    return warp(pictures, moved(ways)[:, :2], OUTSIDE)


def _turned(pictures: np.ndarray, degrees: float, first: int) -> np.ndarray:
    angle = np.deg2rad(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    return _about_the_middle(pictures, turn)


def _sized(pictures: np.ndarray, factor: float, first: int) -> np.ndarray:
    return _about_the_middle(pictures, np.eye(2) / factor)


def _noisy(pictures: np.ndarray, deviation: float, first: int) -> np.ndarray:
    """The same draws at each strength, only larger."""
    draws = [generator(1, "robustness", first + n).standard_normal(pictures.shape[1:]) for n in range(len(pictures))]
    return pictures + 255 * deviation * np.reshape(draws, pictures.shape)


def _negative(pictures: np.ndarray, share: float, first: int) -> np.ndarray:
    return pictures + share * (255.0 - 2.0 * pictures)


def _about_the_middle(pictures: np.ndarray, linear: np.ndarray) -> np.ndarray:
    every = np.tile(linear, (len(pictures), 1, 1))
    return warp(pictures, about_the_middle(every, *pictures.shape[2:])[:, :2], OUTSIDE)


_CHANGED = {"shift": _shifted, "rotate": _turned, "zoom": _sized, "noise": _noisy, "negative": _negative}
