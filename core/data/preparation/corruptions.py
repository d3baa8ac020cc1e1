"""The same change of the same size to every image, to see what a network that never met it makes of it."""

from collections.abc import Callable

import numpy as np

from core.arrays import Array
from core.data.preparation.affine import about_the_middle, moved, warp
from core.random import generator


WAYS = np.array([(1, 0), (-1, 0), (0, 1), (0, -1)])
FRAME = 3
"""Pixels: the ink of MNIST's digits seldom comes closer to the border."""


def distorted(images: Array, kind: str, amount: float, first: int = 0) -> Array:
    """(N, C, H, W) uint8 -> grey levels, float64 from 0 to 255. `kind` is one of KINDS; `amount` 0 changes nothing, but
    for "size" and "ink", whose amount is a factor: there it is 1. `first` is the number of the first image: a block of
    them is changed as it would be among all."""
    among = {"first": first} if kind in NUMBERED else {}
    return np.clip(KINDS[kind](images, amount, **among).astype(float), 0, 255)


def shifted(images: Array, by: float, first: int = 0) -> Array:
    """By so many pixels, each image in one of four directions, in turn."""
    ways = by * WAYS[(first + np.arange(len(images))) % len(WAYS)]
    return warp(images, moved(ways)[:, :2], 0)


def rotated(images: Array, degrees: float) -> Array:
    """About the middle, counterclockwise."""
    angle = np.deg2rad(degrees)
    return _about_the_middle(images, np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]))


def resized(images: Array, factor: float) -> Array:
    """The digit is `factor` times as large; the image stays as large as it is."""
    return _about_the_middle(images, np.eye(2) / factor)


def noisy(images: Array, deviation: float, first: int = 0) -> Array:
    """Gaussian noise; its standard deviation in units of the whole range from black to white. The same draws at each
    deviation, only larger."""
    draws = generator(1, "robustness").standard_normal((first + len(images), *images.shape[1:]))
    return images + 255 * deviation * draws[first:]


def peppered(images: Array, share: float) -> Array:
    """That share of the pixels is made black or white, either with the same chance."""
    rng = generator(1, "robustness", 1)
    hit, white = rng.random(images.shape) < share, rng.random(images.shape) < 0.5
    return np.where(hit, 255 * white, images)


def inked(images: Array, brightness: float) -> Array:
    """Grey levels times the brightness of the ink, as where coloured ink is seen in grey."""
    return images * brightness


def inverted(images: Array, share: float) -> Array:
    """From the image (0) over even grey (0.5) to its negative (1)."""
    return (1 - share) * images + share * (255.0 - images)


def framed(images: Array, brightness: float) -> Array:
    """A frame of FRAME pixels along the border; 1 is white."""
    result = images.astype(float)
    inside = np.zeros(images.shape[2:], bool)
    inside[FRAME:-FRAME, FRAME:-FRAME] = True
    return np.where(inside, result, np.maximum(result, 255 * brightness))


def pushed(images: Array, signs: Array, size: float) -> Array:
    """Each pixel moves by `size` of the whole range, up or down as its sign says; within 0 to 255."""
    return np.clip(images + 255 * size * signs, 0, 255)


def _about_the_middle(images: Array, linear: Array) -> Array:
    every = np.tile(linear, (len(images), 1, 1))
    return warp(images, about_the_middle(every, *images.shape[2:])[:, :2], 0)


KINDS: dict[str, Callable[[Array, float], Array]] = {
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
"""Kinds that treat each image by its number."""
