"""The same change of the same size to every picture, to see what a network that never met it makes of it."""

from collections.abc import Callable

import numpy as np

from core.data.preparation.affine import about_the_middle, moved, warp
from core.random import generator


WAYS = np.array([(1, 0), (-1, 0), (0, 1), (0, -1)])
FRAME = 3
"""Pixels: the ink of MNIST's digits seldom comes closer to the border."""


def distorted(pictures: np.ndarray, kind: str, amount: float, first: int = 0) -> np.ndarray:
    """(N, C, H, W) uint8 -> grey levels, float64 from 0 to 255. `kind` is one of KINDS; `amount` 0 changes nothing, but
    for "size" and "ink", whose amount is a factor: there it is 1. `first` is the number of the first picture: a block of
    them is changed as it would be among all."""
    among = {"first": first} if kind in NUMBERED else {}
    return np.clip(KINDS[kind](pictures, amount, **among).astype(float), 0, 255)


def shifted(pictures: np.ndarray, by: float, first: int = 0) -> np.ndarray:
    """By so many pixels, each picture in one of four directions, in turn."""
    ways = by * WAYS[(first + np.arange(len(pictures))) % len(WAYS)]
    return warp(pictures, moved(ways)[:, :2], 0)


def rotated(pictures: np.ndarray, degrees: float) -> np.ndarray:
    """About the middle, counterclockwise."""
    angle = np.deg2rad(degrees)
    return _about_the_middle(pictures, np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]))


def resized(pictures: np.ndarray, factor: float) -> np.ndarray:
    """The digit is `factor` times as large; the picture stays as large as it is."""
    return _about_the_middle(pictures, np.eye(2) / factor)


def noisy(pictures: np.ndarray, deviation: float, first: int = 0) -> np.ndarray:
    """Gaussian noise; its standard deviation in units of the whole range from black to white. The same draws at each
    deviation, only larger."""
    draws = generator(1, "robustness").standard_normal((first + len(pictures), *pictures.shape[1:]))
    return pictures + 255 * deviation * draws[first:]


def peppered(pictures: np.ndarray, share: float) -> np.ndarray:
    """That share of the pixels is made black or white, either with the same chance."""
    chance = generator(1, "robustness", 1)
    hit, white = chance.random(pictures.shape) < share, chance.random(pictures.shape) < 0.5
    return np.where(hit, 255 * white, pictures)


def inked(pictures: np.ndarray, brightness: float) -> np.ndarray:
    """Grey levels times the brightness of the ink, as where coloured ink is seen in grey."""
    return pictures * brightness


def inverted(pictures: np.ndarray, share: float) -> np.ndarray:
    """From the picture (0) over even grey (0.5) to its negative (1)."""
    return (1 - share) * pictures + share * (255.0 - pictures)


def framed(pictures: np.ndarray, brightness: float) -> np.ndarray:
    """A frame of FRAME pixels along the border; 1 is white."""
    found = pictures.astype(float)
    inside = np.zeros(pictures.shape[2:], bool)
    inside[FRAME:-FRAME, FRAME:-FRAME] = True
    return np.where(inside, found, np.maximum(found, 255 * brightness))


def pushed(pictures: np.ndarray, signs: np.ndarray, size: float) -> np.ndarray:
    """Each pixel moves by `size` of the whole range, up or down as its sign says; within 0 to 255."""
    return np.clip(pictures + 255 * size * signs, 0, 255)


def _about_the_middle(pictures: np.ndarray, linear: np.ndarray) -> np.ndarray:
    every = np.tile(linear, (len(pictures), 1, 1))
    return warp(pictures, about_the_middle(every, *pictures.shape[2:])[:, :2], 0)


KINDS: dict[str, Callable[[np.ndarray, float], np.ndarray]] = {
    "shift": shifted,
    "rotate": rotated,
    "size": resized,
    "noise": noisy,
    "salt": peppered,
    "ink": inked,
    "negative": inverted,
    "frame": framed,
}
NUMBERED = ("shift", "noise")
"""Kinds that treat each picture by its number."""
