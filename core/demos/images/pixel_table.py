"""Images as columns of numbers: what each of them holds at every pixel."""

from collections.abc import Sequence

import numpy as np

from core.arrays import Array


def pixel_table(images: Array, names: Sequence[str], heads: Sequence[str]) -> dict[str, Array]:
    """Images (N, C, H, W) with a name each -> columns of C * H * W numbers: the row and the column of a pixel, counted
    from 1, its channel where there are several, then the images. `heads`: what to call the first two or three."""
    channel, row, column = np.indices(images.shape[1:]).reshape(3, -1) + 1
    positions = dict(zip(heads, (row, column, channel) if images.shape[1] > 1 else (row, column), strict=False))
    return positions | dict(zip(names, images.reshape(len(images), -1), strict=True))
