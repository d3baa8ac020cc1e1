"""An image that a data set has never seen, made to look like the images in it: its size, its colours, and for digits
also white ink on black, centred, with strokes as wide as those of a pen."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageOps

from core.arrays import Array
from core.data.formats.image_file import opened
from core.data.preparation.ink_centering import centre_of_mass, centred
from core.data.preparation.ink_finding import THICK, THIN, isolated, longer_side, stroke_width, usual_strokes


INK_BOXES = {
    "mnist": 20,
    "kaggle-digits": 20,
    "mnist-16x16": 11,
    "digits": 20,
    "digits-16x16": 14,
    "digits-32x32-rgb": 24,
    "usps": 16,
}
"""Data set of digits, white on black -> the side in pixels of the box that a digit fills."""
BY_THE_BOX = {"digits", "digits-16x16", "digits-32x32-rgb", "usps"}
"""Data sets in which the middle of that box is the middle of the image; in the others it is the centre of mass."""
MOST_PIXELS = 512
"""A photo is scaled down to this side before its ink is sought."""
MOST_SHOWN = 320
EVERYWHERE = 0.6
"""More ink than this share of the image cannot be a digit."""
BRIGHT = 230
"""Strokes are at least this bright, from 0 to 255."""
OFF_CENTRE, OTHER_SIZE = 0.1, 0.25
"""A digit this far from the middle (as a share of the image), or this much larger or smaller, is strange to a network
that has only seen prepared ones."""


@dataclass(frozen=True, eq=False)
class NewImage:
    pixels: Array
    """(C, H, W) uint8, as the network's data are."""
    remarks: tuple[str, ...]
    """One sentence for each thing that was done to it."""
    warnings: tuple[str, ...]
    """One sentence for each thing in `pixels` that the network is not used to."""
    given: Array
    """(C', H', W') uint8, as it was given; scaled down if it is large."""


def from_file(content: bytes, data: str, shape: tuple[int, int, int], prepare: bool = True) -> NewImage:
    """An image file for a network on the data set named `data` with images of `shape`; prepare=False: only decoded and,
    where it has another size or other colours, adapted. Raises LeftOutError."""
    digits = data in INK_BOXES
    colourful, unusual = opened(content, "RGB", "contrast" if digits else "white")
    values = np.asarray(colourful)
    coloured = bool((values != values[..., :1]).any())
    image = colourful if shape[0] == 3 else opened(content, "L", "contrast" if digits else "white")[0]
    remarks = [f"The image is {remark}." for remark in unusual]
    if coloured and (shape[0] == 1 or (digits and prepare)):
        remarks.append("Converted from colour to grey.")
    given = _shown(colourful if coloured else colourful.convert("L"))
    if digits and prepare:
        grey = image.convert("L")
        grey.thumbnail((MOST_PIXELS, MOST_PIXELS), Image.Resampling.BOX)
        pixels, done, problems = _digit(np.asarray(grey), data, shape)
        return NewImage(pixels, (*remarks, *done), problems, given)
    if image.size != (shape[2], shape[1]):
        remarks.append(_fitting(image.size, shape))
    small = np.asarray(ImageOps.fit(image, (shape[2], shape[1]), Image.Resampling.BICUBIC))
    pixels = np.ascontiguousarray(np.moveaxis(np.atleast_3d(small), -1, 0))
    return NewImage(pixels, tuple(remarks), oddities(pixels, data), given)


def from_drawing(drawn: Array, data: str, prepare: bool = True) -> NewImage:
    """A drawing in the network's shape, (C, H, W) uint8; prepare=False leaves it as it is."""
    if not prepare or data not in INK_BOXES:
        return NewImage(drawn, (), oddities(drawn, data), drawn)
    coloured = bool((drawn != drawn[:1]).any())
    remarks = ("Converted from colour to grey.",) if coloured else ()
    pixels, done, problems = _digit(_grey(drawn), data, (drawn.shape[0], drawn.shape[1], drawn.shape[2]))
    return NewImage(pixels, (*remarks, *done), problems, drawn)


def oddities(image: Array, data: str) -> tuple[str, ...]:
    """What a network trained on the data set is not used to in an image (C, H, W) uint8, one sentence each. Only of
    data sets of digits is it known how their images were prepared."""
    if data not in INK_BOXES:
        return ("Every pixel has the same value.",) if image.min() == image.max() else ()
    grey = _grey(image)
    ink, inverted = isolated(grey)
    if not ink.any():
        return ("There is no ink in it.",)
    found = []
    if inverted:
        found.append("It is dark on bright: the network has only seen white ink on black.")
    if (ink > 0.5).mean() > EVERYWHERE:
        return (*found, _everywhere(ink))
    side, box = grey.shape[0], INK_BOXES[data]
    off = np.abs(np.array(_middle(ink, data)) - side // 2).max()
    if off > OFF_CENTRE * side:
        found.append(f"It is {off:.0f} pixels off-centre: in the data set, digits are in the middle.")
    size = longer_side(ink > 0.2)
    if abs(size / box - 1) > OTHER_SIZE:
        found.append(f"The digit is {size} pixels large: in the data set, digits fill a box of {box}.")
    width = stroke_width(ink)
    if width < THIN or width > THICK:
        found.append(f"Its strokes are {'thinner' if width < THIN else 'thicker'} than those of the data set.")
    return tuple(found)


def _digit(image: Array, data: str, shape: tuple[int, int, int]) -> tuple[Array, tuple[str, ...], tuple[str, ...]]:
    """A grey image (H, W) uint8 -> pixels (C, H, W), what was done, and what is wrong with it."""
    ink, remarks = isolated(image)
    if not ink.any():
        return np.zeros(shape, np.uint8), (), ("There is no ink in it.",)
    if (ink > 0.5).mean() > EVERYWHERE:
        problems: tuple[str, ...] = (_everywhere(ink),)
    else:
        problems = ()
        ink, changed = usual_strokes(ink)
        remarks += [changed] if changed else []
    grey, box = np.rint(255 * ink).astype(np.uint8), INK_BOXES[data]
    result = _placed(grey, data, shape[1])
    if grey.shape != result.shape or not np.array_equal(grey, result):
        middle = "" if data in BY_THE_BOX else " by its centre of mass"
        remarks.append(f"Scaled into a box of {box} × {box} pixels and centred{middle}.")
    return np.repeat(result[None], shape[0], axis=0), tuple(remarks), problems


def _placed(grey: Array, data: str, side: int) -> Array:
    """Ink (H, W) uint8 -> (side, side), where and as large as in the data set, and as bright: when thin strokes are
    scaled down, they get darker."""
    placed = centred(grey, side, INK_BOXES[data], by_mass=data not in BY_THE_BOX)
    usual = np.percentile(placed[placed > 0.3 * placed.max()], 85)
    if usual >= BRIGHT:
        return placed
    brighter: Array = np.clip(np.rint(placed * (255 / usual)), 0, 255).astype(np.uint8)
    return brighter


def _middle(ink: Array, data: str) -> tuple[float, float]:
    if data not in BY_THE_BOX:
        return centre_of_mass(ink)
    rows, columns = (np.flatnonzero((ink > 0.2).any(axis=axis)) for axis in (1, 0))
    return (rows[0] + rows[-1] + 1) / 2, (columns[0] + columns[-1] + 1) / 2


def _everywhere(ink: Array) -> str:
    share = (ink > 0.5).mean()
    return f"{share:.0%} of it is ink: the digit cannot be told from its background."


def _fitting(size: tuple[int, int], shape: tuple[int, int, int]) -> str:
    width, height = size
    cropped = "Cropped to the middle and scaled" if width * shape[1] != height * shape[2] else "Scaled"
    return f"{cropped} from {width} × {height} to {shape[2]} × {shape[1]} pixels."


def _grey(image: Array) -> Array:
    """(C, H, W) uint8 -> (H, W) uint8."""
    if len(image) == 3:
        image = np.asarray(Image.fromarray(np.ascontiguousarray(np.moveaxis(image, 0, -1))).convert("L"))[None]
    grey: Array = image[0]
    return grey


def _shown(image: Image.Image) -> Array:
    small = image.copy()
    small.thumbnail((MOST_SHOWN, MOST_SHOWN))
    return np.ascontiguousarray(np.moveaxis(np.atleast_3d(np.asarray(small)), -1, 0))
