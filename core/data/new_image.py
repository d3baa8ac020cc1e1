"""An image that a data set has never seen, made to look like the images in it: its size, its colours, and for digits
also white ink on black, centred, with strokes that survive the scaling."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageOps
from scipy.ndimage import grey_dilation

from core.arrays import Array
from core.data.formats.image_file import opened
from core.data.preparation.ink_centering import centred


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
NOISE = 0.2
"""What is darker than this share of the brightest ink is background."""
THIN = 0.06
"""A stroke thinner than this share of the digit's longer side is thickened: MNIST's are about 0.12."""


@dataclass(frozen=True, eq=False)
class NewImage:
    """(C, H, W) uint8, and one sentence for each thing that was done to it."""

    pixels: Array
    remarks: tuple[str, ...]


def from_file(content: bytes, data: str, shape: tuple[int, int, int], prepare: bool = True) -> NewImage:
    """An image file for a network on the data set named `data` with images of `shape`; prepare=False: only decoded and,
    where it has another size, scaled. Raises LeftOutError."""
    image, unusual = opened(content, "RGB" if shape[0] == 3 else "L")
    remarks = [f"It is {remark}." for remark in unusual]
    if not prepare or data not in INK_BOXES:
        if image.size != (shape[2], shape[1]):
            remarks.append(f"Cropped and scaled from {image.width}x{image.height} to {shape[2]}x{shape[1]} pixels.")
        small = np.asarray(ImageOps.fit(image, (shape[2], shape[1]), Image.Resampling.BICUBIC))
        return NewImage(_channels_first(small, shape[0]), tuple(remarks))
    drawn = from_ink(np.asarray(image.convert("L")), data, shape)
    return NewImage(drawn.pixels, (*remarks, *drawn.remarks))


def from_ink(image: Array, data: str, shape: tuple[int, int, int]) -> NewImage:
    """A grey image (H, W) uint8 of a digit, dark on bright or bright on dark, as the data set would have it."""
    remarks = []
    ink = image.astype(np.float64)
    if _border(image).mean() > 127.5:
        ink = 255 - ink
        remarks.append("Inverted: the data set has white ink on black.")
    ink -= np.median(_border(ink))
    top = ink.max(initial=0)
    if top <= 0:
        return NewImage(np.zeros(shape, np.uint8), (*remarks, "There is no ink in it."))
    ink = np.where(ink > NOISE * top, ink / top, 0)
    ink, thickened = _thick_enough(ink)
    if thickened:
        remarks.append("The thin strokes were thickened.")
    grey = np.rint(255 * ink).astype(np.uint8)
    result = centred(grey, shape[1], INK_BOXES[data])
    if image.shape != result.shape or not np.array_equal(grey, result):
        remarks.append(f"Scaled into a box of {INK_BOXES[data]} pixels and centred by its centre of mass.")
    return NewImage(np.repeat(result[None], shape[0], axis=0), tuple(remarks))


def _border(image: Array) -> Array:
    return np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])


def _thick_enough(ink: Array) -> tuple[Array, bool]:
    """Strokes are measured by the ink on them and next to their edge: a stroke of width w and length l has the area
    w*l and about 2*l edge cells, so w = 2 * area / edge."""
    on = ink > 0.5
    inside = on.copy()
    inside[1:-1, 1:-1] &= on[:-2, 1:-1] & on[2:, 1:-1] & on[1:-1, :-2] & on[1:-1, 2:]
    edge = int((on & ~inside).sum())
    rows, columns = (np.flatnonzero(on.any(axis=axis)) for axis in (1, 0))
    longer = max(rows[-1] - rows[0], columns[-1] - columns[0]) + 1
    width = 2 * on.sum() / max(edge, 1) if edge < on.sum() else 1.0
    missing = round(2 * THIN * longer - width)
    if width >= THIN * longer or missing < 1:
        return ink, False
    padded = np.pad(ink, missing)
    return grey_dilation(padded, size=(missing + 1, missing + 1)), True


def _channels_first(image: Array, channels: int) -> Array:
    return np.moveaxis(np.atleast_3d(image), -1, 0)[:channels]
