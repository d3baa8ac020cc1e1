"""Searching an image for a pattern: the score of a template at every position."""

from collections.abc import Iterable
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from core.arrays import Array
from core.numerics import convolution


Score = Literal["raw", "normalised", "zero-mean"]


def scores(image: ArrayLike, template: ArrayLike, how: Score = "raw") -> Array:
    """image (H, W) or (C, H, W), template (h, w) or (C, h, w) -> (H - h + 1, W - w + 1).

    raw: the sum of products. zero-mean: the same after subtracting the template's mean, so that a flat patch scores 0.
    normalised: the cosine, the sum of products divided by both lengths; 1 for the template itself at any brightness,
    0 where a patch is black.
    """
    x, w = (np.atleast_3d(np.asarray(array, np.float64)) for array in (image, template))
    if np.ndim(image) == 2:
        x, w = x.transpose(2, 0, 1), w.transpose(2, 0, 1)
    if how == "zero-mean":
        w = w - w.mean()
    result = _correlation(x, w)
    if how != "normalised":
        return result
    lengths = np.sqrt(np.maximum(_correlation(x * x, np.ones_like(w)), 0) * (w * w).sum())
    negligible = 1e-9 * max(float(lengths.max()), 1e-300)
    return np.asarray(np.divide(result, lengths, out=np.zeros_like(result), where=lengths > negligible))


def cosine(a: ArrayLike, b: ArrayLike) -> float:
    """The cosine of two patches of the same size: their dot product divided by the product of their lengths."""
    a, b = np.ravel(a).astype(np.float64), np.ravel(b).astype(np.float64)
    return float(a @ b / np.sqrt((a @ a) * (b @ b)))


def peaks(table: Array, count: int, apart: int) -> list[tuple[int, int]]:
    """The positions of the highest scores, highest first, at least `apart` cells from each other along an axis."""
    remaining, positions = np.array(table, np.float64), []
    for _ in range(count):
        i, j = (int(index) for index in np.unravel_index(np.argmax(remaining), remaining.shape))
        if remaining[i, j] == -np.inf:
            break
        positions.append((i, j))
        remaining[max(i - apart + 1, 0) : i + apart, max(j - apart + 1, 0) : j + apart] = -np.inf
    return positions


def _correlation(x: Array, w: Array) -> Array:
    y, _ = convolution.forward(x[None], w[None], np.zeros(1))
    return np.asarray(y[0, 0])


def best_in_tiles(table: Array, tiles: Iterable[tuple[str, int, int, int]], height: int) -> list[tuple[str, float]]:
    """The best score in each tile of a template with `height` rows and columns whose centre is inside the tile."""
    half = height // 2
    rows, columns = table.shape
    best = []
    for name, top, left, side in tiles:
        inside = table[
            max(top - half, 0) : min(top + side - half, rows), max(left - half, 0) : min(left + side - half, columns)
        ]
        best.append((name, float(inside.max())))
    return best
