"""Images of one data set made to fit a network that was trained on another: their size and their colours."""

import numpy as np
from PIL import Image, ImageOps

from core.arrays import Array
from core.data.dataset import DataError


Shape = tuple[int, int, int]
"""(C, H, W)"""


def check(given: Shape, wanted: Shape) -> None:
    """Raises DataError if images of the one shape cannot be made to fit the other."""
    if given[0] != wanted[0] and not {given[0], wanted[0]} <= {1, 3}:
        raise DataError(
            f"The network takes images with {wanted[0]} channels, but these have {given[0]}. Only grey and colour "
            "images can be converted into each other."
        )


def fitted(images: Array, shape: Shape) -> Array:
    """(N, C, H, W) uint8 -> (N, *shape) uint8. Grey is the weighted mean of red, green and blue (ITU-R 601); grey is
    repeated in all three channels; the largest part in the middle with the right proportions is scaled."""
    check(images.shape[1:], shape)
    if images.shape[1:] == shape:
        return images
    result = np.empty((len(images), *shape), np.uint8)
    for into, image in zip(result, images, strict=True):
        picture = Image.fromarray(np.moveaxis(image, 0, -1) if len(image) == 3 else image[0])
        if len(image) != shape[0]:
            picture = picture.convert("RGB" if shape[0] == 3 else "L")
        if picture.size != (shape[2], shape[1]):
            picture = ImageOps.fit(picture, (shape[2], shape[1]), Image.Resampling.BICUBIC)
        into[:] = np.moveaxis(np.atleast_3d(np.asarray(picture)), -1, 0)
    return result


def remark(given: Shape, wanted: Shape) -> str:
    """What `fitted` does to the images, as a sentence; "" if nothing."""
    changes = []
    if given[1:] != wanted[1:]:
        changes.append(f"scaled from {given[1]} × {given[2]} to {wanted[1]} × {wanted[2]} pixels")
    if given[0] < wanted[0]:
        changes.append("repeated in red, green and blue")
    elif given[0] > wanted[0]:
        changes.append("converted to grey")
    return f"The images are {' and '.join(changes)} to fit the network." if changes else ""
