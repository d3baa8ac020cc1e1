"""Corruptions: the same change to every image, to test networks that were not trained on it."""

from collections.abc import Callable

import numpy as np

from core.arrays import Array
from core.data.preparation.affine import about_the_middle, moved, warp
from core.random import generator


DIRECTIONS = np.array([(1, 0), (-1, 0), (0, 1), (0, -1)])
FRAME = 3
"""Width in pixels: the ink of MNIST's digits rarely comes closer to the border."""


def distorted(images: Array, kind: str, amount: float, first: int = 0) -> Array:
    """(N, C, H, W) uint8 -> grey levels, float64 from 0 to 255. `kind` is one of KINDS; `amount` 0 changes nothing, or
    1 for "size" and "ink", whose amount is a factor. `first` is the index of the first image, so that a block of images
    is changed as it would be among all."""
    options = {"first": first} if kind in NUMBERED else {}
    grey: Array = np.clip(KINDS[kind](images, amount, **options).astype(float), 0, 255)
    return grey


def shifted(images: Array, by: float, first: int = 0) -> Array:
    """Shifts by this many pixels, in one of four directions in turn."""
    offsets = by * DIRECTIONS[(first + np.arange(len(images))) % len(DIRECTIONS)]
    return warp(images, moved(offsets)[:, :2], 0)


def rotated(images: Array, degrees: float) -> Array:
    """Rotates counterclockwise about the centre."""
    angle = np.deg2rad(degrees)
    return _about_the_middle(images, np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]))


def resized(images: Array, factor: float) -> Array:
    """Makes the digit `factor` times as large; the size of the image stays the same."""
    return _about_the_middle(images, np.eye(2) / factor)


def noisy(images: Array, deviation: float, first: int = 0) -> Array:
    """Adds Gaussian noise; `deviation` is relative to the range from black to white. Every deviation uses the same
    random numbers, scaled."""
    draws = generator(1, "robustness").standard_normal((first + len(images), *images.shape[1:]))
    return images + 255 * deviation * draws[first:]


def peppered(images: Array, share: float) -> Array:
    """Sets this share of the pixels to black or white, with equal probability."""
    rng = generator(1, "robustness", 1)
    hit, white = rng.random(images.shape) < share, rng.random(images.shape) < 0.5
    return np.where(hit, 255 * white, images)


def inked(images: Array, brightness: float) -> Array:
    """Multiplies grey levels by the brightness of the ink, as when coloured ink is seen in grey."""
    return images * brightness


def inverted(images: Array, share: float) -> Array:
    """Blends from the image (0) through uniform grey (0.5) to its negative (1)."""
    return (1 - share) * images + share * (255.0 - images)


def framed(images: Array, brightness: float) -> Array:
    """Adds a frame of FRAME pixels along the border; brightness 1 is white."""
    result = images.astype(float)
    inside = np.zeros(images.shape[2:], bool)
    inside[FRAME:-FRAME, FRAME:-FRAME] = True
    return np.where(inside, result, np.maximum(result, 255 * brightness))


def pushed(images: Array, signs: Array, size: float) -> Array:
    """Changes each pixel by `size` times the range from black to white, up or down by its sign; clipped to 0 to 255."""
    return np.clip(images + 255 * size * signs, 0, 255)


def _about_the_middle(images: Array, linear: Array) -> Array:
    every = np.tile(linear, (len(images), 1, 1))
    return warp(images, about_the_middle(every, *images.shape[2:])[:, :2], 0)


KINDS: dict[str, Callable[..., Array]] = {
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
"""Kinds whose effect depends on the index of the image."""
