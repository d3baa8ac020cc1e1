"""Images to search in, each with the template that is looked for and the names of what stands where."""

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
    """image (C, H, W) and template (C, h, w), 0 to 255; tiles are (name, top, left, side): what stands there."""

    image: Array
    template: Array
    tiles: tuple[tuple[str, int, int, int], ...]


GREY = (0.299, 0.587, 0.114)
"""Shares of red, green and blue in the brightness of a colour (ITU-R BT.601)."""
TILE = 22
"""Edge of the field in which one thing stands."""
CURVE_PATCH = np.zeros((7, 7), int)
CURVE_PATCH[0, 6], CURVE_PATCH[2, 3] = 30, 20
CURVE_PATCH[[1, 1, 1, 2], [4, 5, 6, 4]] = CURVE_PATCH[3:, 3:5] = 50
OTHER_PATCH = np.zeros((7, 7), int)
OTHER_PATCH[[1, 2, 2, 3], [1, 0, 2, 0]], OTHER_PATCH[3, 1] = 40, 20
OTHER_PATCH[[4, 5, 6], [1, 2, 3]], OTHER_PATCH[6, :2] = 50, 25


@lru_cache(maxsize=4)
def scene(name: str) -> Scene:
    """ "fours", "colours" or "curves". Raises KeyError."""
    return SCENES[name]()


def fours() -> Scene:
    """One handwritten 4 as a template; the same 4 changed, 4s by other hands, and other digits (the embedded ones)."""
    digits = catalogue.load("digits-16x16")
    shown, labels = digits.images[:, 0], digits.labels
    hands = [shown[row] for row in np.flatnonzero(labels == 4)]
    first, other = hands[0], {label: shown[np.flatnonzero(labels == label)[0]] for label in (1, 7, 9)}
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
    return _laid([(name, thing[None]) for name, thing in things], first[None], 5)


def colours() -> Scene:
    """A red and blue badge on a noisy ground, whole, damaged, half hidden; and badges that are the same in grey."""
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
    made = _laid([(name, np.asarray(thing)) for name, thing in things], badge, 3)
    ground = np.where(made.image.sum(axis=0) == 0, noise.integers(60, 140, made.image.shape), made.image)
    return Scene(ground.astype(np.uint8), made.template, made.tiles)


def without_colour(result: Scene) -> Scene:
    """The same in grey, one channel."""
    if len(result.image) == 1:
        return result
    return Scene(_grey(result.image), _grey(result.template), result.tiles)


def curves() -> Scene:
    """A filter of six cells that form a curve; the curve it was made for, other things, and a flat patch."""
    things = [
        ("the curve", CURVE_PATCH),
        ("another drawing", OTHER_PATCH),
        ("a flat grey patch", np.full((7, 7), 50)),
        ("the curve, darker", CURVE_PATCH // 2),
        ("the curve, mirrored", CURVE_PATCH[:, ::-1]),
    ]
    return _laid([(name, thing[None]) for name, thing in things], CURVE[None], 5, 14)


SCENES = {"fours": fours, "colours": colours, "curves": curves}


def _grey(image: Array) -> Array:
    """(3, H, W) -> (1, H, W): the weights of television (ITU-R BT.601)."""
    return np.tensordot(GREY, image, 1)[None]


def _badge(left, right) -> Array:
    """A disc of 12 pixels, one colour on the left, another on the right."""
    i, j = np.indices((12, 12)) - 5.5
    inside, half = i * i + j * j < 36, j < 0
    return np.where(inside, np.where(half, np.reshape(left, (3, 1, 1)), np.reshape(right, (3, 1, 1))), 15)


def _laid(things: list, template: Array, columns: int, tile: int = TILE) -> Scene:
    """Each in the middle of a tile, row by row, on black."""
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
