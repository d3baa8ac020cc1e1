"""Dense, local and shared wiring: what each costs, and a convolution as a matrix."""

import numpy as np

from core.demos.images import connectivity


__all__ = ["connection_count", "connection_matrix", "different", "position_count", "shift_gap", "weight_count"]

KINDS = ("dense", "local", "shared")
position_count = connectivity.position_count


def weight_count(kind, pixels, units, field, maps=1, biases=False):
    """Numbers to learn when `units` units in each of `maps` maps see `pixels` pixels, or a field of `field` pixels."""
    result = connectivity.ladder(pixels, units, field, maps)[KINDS.index(kind)]
    return result.weights + (result.biases if biases else 0)


def connection_count(kind, pixels, units, field, maps=1):
    """Multiplications for one image."""
    return connectivity.ladder(pixels, units, field, maps)[KINDS.index(kind)].connections


def connection_matrix(size, kernel):
    """The convolution (valid, no flip) as a matrix (units, pixels)."""
    height, width = map(int, size)
    return connectivity.matrix((height, width), kernel)


def different(values):
    """How many different numbers, zero left out."""
    result = np.unique(values)
    return int(np.count_nonzero(result))


def shift_gap(image, kernel, down, right):
    """Shift the image (zeros move in), correlate; shift the map of the unshifted image: the largest difference of the
    two, where both come from inside the image."""
    return connectivity.shift_gap(image, kernel, int(down), int(right))
