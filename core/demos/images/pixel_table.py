"""Images as columns of numbers: the value of each image at every pixel."""

from collections.abc import Sequence

import numpy as np

from core.arrays import Array


def pixel_table(images: Array, names: Sequence[str], heads: Sequence[str]) -> dict[str, Array]:
    """Images (N, C, H, W) with one name each -> named columns of C * H * W numbers.

    The first columns are the row and column of a pixel, counted from 1, and its channel if there are several; `heads`
    are their names. The images follow.
    """
    channel, row, column = np.indices(images.shape[1:]).reshape(3, -1) + 1
    positions = dict(zip(heads, (row, column, channel) if images.shape[1] > 1 else (row, column), strict=False))
    return positions | dict(zip(names, images.reshape(len(images), -1), strict=True))
