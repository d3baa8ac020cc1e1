"""Hand-made kernels: blur, difference, edges in any direction, a curve."""

import math

import numpy as np

from core.arrays import Array
from core.demos.images.convolution_2d import slide


SOBEL = np.array([[1.0, 0, -1], [2, 0, -2], [1, 0, -1]])
"""Responds to vertical edges; its transpose responds to horizontal ones. Positive where the left is brighter."""
DIFFERENCE = np.array([[1.0, -1]])
CURVE = np.zeros((7, 7))
CURVE[[0, 1, 2, 3, 4, 5], [5, 4, 3, 3, 3, 3]] = 30
"""A line that comes in from the upper right and bends downwards; the last row is empty."""


def mean(height: int, width: int) -> Array:
    """Equal weights that add up to 1: the local average."""
    return np.full((height, width), 1 / (height * width))


def gaussian_line(size: int, sigma: float) -> Array:
    """(size,): exp(-(i - c)^2 / (2 sigma^2)) for i = 1..size with c = (size + 1) / 2, normalised to sum to 1."""
    distance = np.arange(1, size + 1) - (size + 1) / 2
    weights = np.exp(-(distance**2) / (2 * sigma**2))
    return np.asarray(weights / weights.sum())


def gaussian(size: int, sigma: float) -> Array:
    """(size, size): the outer product of `gaussian_line` with itself."""
    line = gaussian_line(size, sigma)
    return np.outer(line, line)


def gaussian_kept(size: int, sigma: float) -> float:
    """The share of a Gaussian that `size` cells cover, along one axis: erf(size / (2 sqrt(2) sigma))."""
    return math.erf(size / (2 * math.sqrt(2) * sigma))


def edge(degrees: float) -> Array:
    """(3, 3): responds to edges whose brighter side is in this direction: 0 left, 90 above, 180 right (clockwise)."""
    angle = math.radians(degrees)
    return math.cos(angle) * SOBEL + math.sin(angle) * SOBEL.T


def blurred_edge(size: int, sigma: float, degrees: float) -> Array:
    """(size + 2, size + 2): blur and edge detection combined in one kernel, the full convolution of the two."""
    return slide(gaussian(size, sigma), edge(degrees), "full", flip=True).map
