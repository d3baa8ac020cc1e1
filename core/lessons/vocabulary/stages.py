"""Two filters one after the other, and the number that is left of a whole image."""

from core.demos.images import filter_cascade


__all__ = ["edge_strength", "line_map", "line_strength"]


def edge_strength(image) -> float:
    """The mean of |E|, E the map of vertical edges (Sobel / 8)."""
    return filter_cascade.strength(image)["mean |E|"]


def line_strength(image) -> float:
    """The mean of V^2, V the mean of nine edges below each other."""
    return filter_cascade.strength(image)["mean V²"]


def line_map(image):
    """V itself."""
    return filter_cascade.through(image, "lines")[0]
