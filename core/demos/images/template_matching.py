"""Searching an image for a pattern: what a template scores wherever it is laid."""

from typing import Literal

import numpy as np

from core.arrays import Array
from core.numerics import convolution


Score = Literal["raw", "normalised", "zero-mean"]


def scores(image, template, how: Score = "raw") -> Array:
    """image (H, W) or (C, H, W), template (h, w) or (C, h, w) -> (H - h + 1, W - w + 1).

    raw: the sum of products. zero-mean: the same with the template's mean taken off, so that a flat patch scores 0.
    normalised: the cosine, the sum of products divided by the length of both; 1 for the template itself, at any
    brightness; 0 where a patch is black.
    """
    x, w = (np.atleast_3d(np.asarray(one, np.float64)) for one in (image, template))
    if np.ndim(image) == 2:
        x, w = x.transpose(2, 0, 1), w.transpose(2, 0, 1)
    if how == "zero-mean":
        w = w - w.mean()
    result = _sums(x, w)
    if how != "normalised":
        return result
    lengths = np.sqrt(np.maximum(_sums(x * x, np.ones_like(w)), 0) * (w * w).sum())
    small = 1e-9 * max(float(lengths.max()), 1e-300)
    return np.divide(result, lengths, out=np.zeros_like(result), where=lengths > small)


def cosine(a, b) -> float:
    """Of two patches of the same size: their dot product over the product of their lengths."""
    a, b = np.ravel(a).astype(np.float64), np.ravel(b).astype(np.float64)
    return float(a @ b / np.sqrt((a @ a) * (b @ b)))


def peaks(result: Array, count: int, apart: int) -> list[tuple[int, int]]:
    """The places of the largest scores, largest first, at least `apart` cells from each other along an axis."""
    left, positions = np.array(result, np.float64), []
    for _ in range(count):
        i, j = (int(position) for position in np.unravel_index(np.argmax(left), left.shape))
        if left[i, j] == -np.inf:
            break
        positions.append((i, j))
        left[max(i - apart + 1, 0) : i + apart, max(j - apart + 1, 0) : j + apart] = -np.inf
    return positions


def _sums(x: Array, w: Array) -> Array:
    result, _ = convolution.forward(x[None], w[None], np.zeros(1))
    return result[0, 0]


def best_in_tiles(result: Array, tiles, height: int) -> list[tuple[str, float]]:
    """The best score of a template of `height` rows (and columns) that lies, with its middle, in each tile."""
    half = height // 2
    rows, columns = result.shape
    best = []
    for name, top, left, side in tiles:
        inside = result[
            max(top - half, 0) : min(top + side - half, rows), max(left - half, 0) : min(left + side - half, columns)
        ]
        best.append((name, float(inside.max())))
    return best
