"""Two filters in a row, and one number that sums up a whole image."""

from numpy.typing import ArrayLike

from core.arrays import Array
from core.demos.images import filter_cascade


__all__ = ["edge_strength", "line_map", "line_strength"]


def edge_strength(image: ArrayLike) -> float:
    """The mean of |E|, where E is the feature map of vertical edges (Sobel / 8)."""
    return filter_cascade.strength(image)["mean |E|"]


def line_strength(image: ArrayLike) -> float:
    """The mean of V^2, where V is the mean of nine vertically adjacent cells of E."""
    return filter_cascade.strength(image)["mean V²"]


def line_map(image: ArrayLike) -> Array:
    """The feature map V of long vertical lines: the mean of nine vertically adjacent cells of the edge map."""
    return filter_cascade.through(image, "lines")[0]
