"""Augmentation: small random changes to training images that leave their class unchanged."""

from itertools import groupby
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from core.arrays import Array
from core.data.preparation.affine import about_the_middle, moved, warp
from core.random import generator
from core.spec import Spec


Grey = Annotated[int, Field(ge=0, le=255)]
Share = Annotated[float, Field(ge=0, le=1)]


class Shift(Spec):
    """Shifts by whole pixels, drawn uniformly from -pixels to pixels, horizontally and vertically."""

    kind: Literal["shift"] = "shift"
    pixels: int = Field(default=2, ge=0, le=1000)
    fill: Grey = 0
    """Grey level of the uncovered area."""


class Rotate(Spec):
    """Rotates about the centre by an angle from -degrees to degrees, with bilinear interpolation."""

    kind: Literal["rotate"] = "rotate"
    degrees: float = Field(default=10, ge=0, le=180)
    fill: Grey = 0


class Zoom(Spec):
    """Scales about the centre by a factor from 1 - by to 1 + by."""

    kind: Literal["zoom"] = "zoom"
    by: float = Field(default=0.1, ge=0, le=0.9)
    fill: Grey = 0


class Shear(Spec):
    """Shifts the rows against each other, so that verticals slant by an angle from -degrees to degrees."""

    kind: Literal["shear"] = "shear"
    degrees: float = Field(default=10, ge=0, le=80)
    fill: Grey = 0


class Noise(Spec):
    """Adds Gaussian noise to every value, with this standard deviation in grey levels."""

    kind: Literal["noise"] = "noise"
    deviation: float = Field(default=10, ge=0, le=255)


class SaltAndPepper(Spec):
    """Sets this share of the pixels to black or white, half of them each, in all channels."""

    kind: Literal["salt_and_pepper"] = "salt_and_pepper"
    share: Share = 0.02


class Brightness(Spec):
    """Adds the same amount to all values, from -by to by grey levels."""

    kind: Literal["brightness"] = "brightness"
    by: float = Field(default=25, ge=0, le=255)


class Contrast(Spec):
    """Multiplies the differences from the image's mean by a factor from 1 - by to 1 + by."""

    kind: Literal["contrast"] = "contrast"
    by: float = Field(default=0.2, ge=0, le=1)


class Color(Spec):
    """Adds a separate amount to each channel, from -by to by grey levels."""

    kind: Literal["color"] = "color"
    by: float = Field(default=25, ge=0, le=255)


class Flip(Spec):
    """Mirrors this share of the images left to right. Not for digits: a mirrored 2 is not a 2."""

    kind: Literal["flip"] = "flip"
    share: Share = 0.5


class Erase(Spec):
    """Fills a box in this share of the images; its sides are `size` times the image's (Zhong et al. 2017)."""

    kind: Literal["erase"] = "erase"
    share: Share = 0.5
    size: float = Field(default=0.3, gt=0, le=1)
    fill: Grey = 0


BLOCK = 1000
"""How many images share a random generator."""
AROUND = ((1, 0), (-1, 0), (0, 1), (0, -1))
"""The four one-pixel shifts, as (row, column)."""

Geometric = Shift | Rotate | Zoom | Shear
Transform = Annotated[
    Shift | Rotate | Zoom | Shear | Noise | SaltAndPepper | Brightness | Contrast | Color | Flip | Erase,
    Field(discriminator="kind"),
]
Transforms = tuple[Transform, ...]


def apply(images: Array, transforms: Transforms, rng: np.random.Generator) -> Array:
    """Images (N, C, H, W) uint8 -> transformed images of the same shape, with separate random numbers for each.

    Consecutive geometric transforms are combined, so that an image is interpolated only once. The numbers drawn from
    `rng` depend only on N and the transforms, never on the images.
    """
    for fill, group in groupby(transforms, lambda transform: _fill(transform)):
        if fill is None:
            for transform in group:
                images = _recoloured(images, transform, rng)
        else:
            images = warp(images, _matrices(tuple(group), images.shape, rng), fill)
    return images


def _fill(transform: Transform) -> int | None:
    """The fill of a geometric transform; None for one that changes values in place."""
    return transform.fill if isinstance(transform, Geometric) else None


def _matrices(moves: tuple[Transform, ...], shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """(N, 2, 3): where in the old image each pixel (row, column) of the new one comes from."""
    total = np.broadcast_to(np.eye(3), (shape[0], 3, 3))
    for move in moves:
        total = total @ _matrix(move, shape, rng)
    return total[:, :2]


def _matrix(move: Transform, shape: tuple[int, ...], rng: np.random.Generator) -> Array:
    """(N, 3, 3), the inverse of the transform: it maps a position in the new image to one in the old."""
    count, _, height, width = shape
    match move:
        case Shift(pixels=most):
            return moved(-rng.integers(-most, most, (count, 2), endpoint=True))
        case Rotate(degrees=most):
            angle = np.deg2rad(rng.uniform(-most, most, count))
            sine, cosine = np.sin(angle), np.cos(angle)
            inverse = [[cosine, sine], [-sine, cosine]]
        case Zoom(by=most):
            factor = 1 / rng.uniform(1 - most, 1 + most, count)
            nothing = np.zeros(count)
            inverse = [[factor, nothing], [nothing, factor]]
        case Shear(degrees=most):
            slope = np.tan(np.deg2rad(rng.uniform(-most, most, count)))
            inverse = [[np.ones(count), np.zeros(count)], [slope, np.ones(count)]]
    return about_the_middle(np.moveaxis(np.array(inverse), -1, 0), height, width)


def _recoloured(images: Array, transform: Transform, rng: np.random.Generator) -> Array:
    count, channels, height, width = images.shape
    match transform:
        case Noise(deviation=deviation):
            return _levels(images + rng.standard_normal(images.shape, np.float32) * np.float32(deviation))
        case SaltAndPepper(share=share):
            draw = rng.random((count, 1, height, width), np.float32)
            return np.where(draw < share / 2, 0, np.where(draw < share, 255, images)).astype(np.uint8)
        case Brightness(by=by):
            return _levels(images + rng.uniform(-by, by, (count, 1, 1, 1)))
        case Color(by=by):
            return _levels(images + rng.uniform(-by, by, (count, channels, 1, 1)))
        case Contrast(by=by):
            mean = images.mean(axis=(1, 2, 3), keepdims=True)
            return _levels(mean + (images - mean) * rng.uniform(1 - by, 1 + by, (count, 1, 1, 1)))
        case Flip(share=share):
            mirrored = rng.random((count, 1, 1, 1)) < share
            return np.where(mirrored, images[..., ::-1], images)
        case Erase():
            return _erased(images, transform, rng)
    raise TypeError(f"cannot apply {type(transform).__name__}")


def _erased(images: Array, erase: Erase, rng: np.random.Generator) -> Array:
    """The box is inside the image, at a uniformly drawn position, and at least one pixel."""
    count, _, height, width = images.shape
    chosen = rng.random((count, 1, 1, 1)) < erase.share
    rows = _between(rng.random((count,)), max(1, round(erase.size * height)), height)
    columns = _between(rng.random((count,)), max(1, round(erase.size * width)), width)
    inside = rows[:, None, :, None] & columns[:, None, None, :] & chosen
    return np.where(inside, np.uint8(erase.fill), images)


def _between(draws: Array, length: int, side: int) -> Array:
    """(N, side) bool: `length` consecutive positions, whose start depends on `draws` (N,) in [0, 1)."""
    starts = (draws * (side - length + 1)).astype(int)[:, None]
    positions = np.arange(side)
    return (positions >= starts) & (positions < starts + length)


def _levels(values: Array) -> Array:
    """Rounded and clipped to 0..255."""
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def drawn(images: Array, transforms: Transforms, seed: int, epoch: int) -> Array:
    """The training images of epoch number `epoch` (from 1). The changes to an image depend on the seed, the epoch and
    its index in the training set, not on the backend or earlier epochs: a resumed run gets the same images.
    """
    blocks = [
        apply(images[start : start + BLOCK], transforms, generator(seed, "augmentation", epoch, start))
        for start in range(0, len(images), BLOCK)
    ]
    return np.concatenate(blocks) if blocks else images


def expanded(images: Array) -> Array:
    """(5 N, C, H, W): the images, then all of them shifted by one pixel up, down, left and right (Nielsen's
    expand_mnist.py, 2015: 50,000 become 250,000); the uncovered pixels are black."""
    moves = [np.broadcast_to(moved(np.array([by]))[:, :2], (len(images), 2, 3)) for by in AROUND]
    return np.concatenate([images, *(warp(images, move, 0) for move in moves)])
