"""Scenes to search: an image, the template to look for, and the name and position of everything in the image."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image

from core.arrays import Array
from core.data import catalogue
from core.demos.images.filters import CURVE
from core.random import generator


@dataclass(frozen=True, eq=False)
class Scene:
    """An image with the template to look for."""

    image: Array
    """(C, H, W), 0 to 255"""
    template: Array
    """(C, h, w), 0 to 255"""
    tiles: tuple[tuple[str, int, int, int], ...]
    """(name, top, left, side) of everything in the image."""


GREY = (0.299, 0.587, 0.114)
"""Shares of red, green and blue in the brightness of a colour (ITU-R BT.601)."""
TILE = 22
"""Side length of the tile around one thing."""
CURVE_PATCH = np.zeros((7, 7), int)
CURVE_PATCH[0, 6], CURVE_PATCH[2, 3] = 30, 20
CURVE_PATCH[[1, 1, 1, 2], [4, 5, 6, 4]] = CURVE_PATCH[3:, 3:5] = 50
OTHER_PATCH = np.zeros((7, 7), int)
OTHER_PATCH[[1, 2, 2, 3], [1, 0, 2, 0]], OTHER_PATCH[3, 1] = 40, 20
OTHER_PATCH[[4, 5, 6], [1, 2, 3]], OTHER_PATCH[6, :2] = 50, 25


@lru_cache(maxsize=4)
def scene(name: str) -> Scene:
    """The scene "fours", "colours" or "curves". Raises KeyError for another name."""
    return SCENES[name]()


def fours() -> Scene:
    """A handwritten 4 as the template; the same 4 altered, 4s by other writers, and other digits (embedded data)."""
    digits = catalogue.load("digits-16x16")
    images, labels = digits.images[:, 0], digits.labels
    hands = [images[row] for row in np.flatnonzero(labels == 4)]
    first, other = hands[0], {label: images[np.flatnonzero(labels == label)[0]] for label in (1, 7, 9)}
    things = [
        ("the same 4", first),
        ("at half brightness", first // 2),
        ("turned by 45°", _turned(first, 45)),
        ("smaller", _sized(first, 11)),
        ("by a second hand", hands[6]),
        ("by a third hand", hands[5]),
        ("a 9", other[9]),
        ("a 7", other[7]),
        ("a 1", other[1]),
        ("a white square", np.full((16, 16), 255, np.uint8)),
    ]
    return _arranged([(name, thing[None]) for name, thing in things], first[None], 5)


def colours() -> Scene:
    """A red and blue badge on noise: whole, damaged, half hidden; and other badges that look the same in grey."""
    badge = _badge((235, 60, 50), (40, 70, 235))
    noise = generator(1, "scene", "colours")
    damaged = np.where(noise.random((1, 12, 12)) < 0.35, noise.integers(0, 256, badge.shape), badge)
    hidden = badge.copy()
    hidden[:, 7:] = 120
    things = [
        ("the badge", badge),
        ("damaged", damaged),
        ("half hidden", hidden),
        ("the badge without colour", np.broadcast_to(_grey(badge), badge.shape)),
        ("green and grey", _badge((0, 175, 20), (92, 92, 92))),
        ("its halves swapped", badge[:, :, ::-1]),
    ]
    on_black = _arranged([(name, np.asarray(thing)) for name, thing in things], badge, 3)
    image = np.where(on_black.image.sum(axis=0) == 0, noise.integers(60, 140, on_black.image.shape), on_black.image)
    return Scene(image.astype(np.uint8), on_black.template, on_black.tiles)


def without_colour(coloured: Scene) -> Scene:
    """The scene in grey, with one channel."""
    if len(coloured.image) == 1:
        return coloured
    return Scene(_grey(coloured.image), _grey(coloured.template), coloured.tiles)


def curves() -> Scene:
    """A filter whose six cells form a curve; the curve it was made for, other things, and a flat patch."""
    things = [
        ("the curve", CURVE_PATCH),
        ("another drawing", OTHER_PATCH),
        ("a flat grey patch", np.full((7, 7), 50)),
        ("the curve, darker", CURVE_PATCH // 2),
        ("the curve, mirrored", CURVE_PATCH[:, ::-1]),
    ]
    return _arranged([(name, thing[None]) for name, thing in things], CURVE[None], 5, 14)


SCENES = {"fours": fours, "colours": colours, "curves": curves}


def _grey(image: Array) -> Array:
    """(3, H, W) -> (1, H, W), with the weights of television (ITU-R BT.601)."""
    return np.asarray(np.tensordot(GREY, image, 1)[None])


def _badge(left: tuple[int, int, int], right: tuple[int, int, int]) -> Array:
    """A disc 12 pixels wide, with one colour on the left and another on the right."""
    i, j = np.indices((12, 12)) - 5.5
    inside, half = i * i + j * j < 36, j < 0
    return np.where(inside, np.where(half, np.reshape(left, (3, 1, 1)), np.reshape(right, (3, 1, 1))), 15)


def _arranged(things: Sequence[tuple[str, Array]], template: Array, columns: int, tile: int = TILE) -> Scene:
    """Each thing in the middle of a tile, row by row, on black."""
    rows = -(-len(things) // columns)
    image = np.zeros((template.shape[0], rows * tile, columns * tile), np.uint8)
    tiles = []
    for index, (name, thing) in enumerate(things):
        top, left = index // columns * tile, index % columns * tile
        height, width = thing.shape[1:]
        i, j = top + (tile - height) // 2, left + (tile - width) // 2
        image[:, i : i + height, j : j + width] = thing
        tiles.append((name, top, left, tile))
    return Scene(image, template, tuple(tiles))


def _turned(image: Array, degrees: int) -> Array:
    return np.asarray(Image.fromarray(image).rotate(degrees, Image.Resampling.BICUBIC))


def _sized(image: Array, side: int) -> Array:
    return np.asarray(Image.fromarray(image).resize((side, side), Image.Resampling.BICUBIC))
