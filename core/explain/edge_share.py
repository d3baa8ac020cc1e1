"""How much of a kernel is an edge detector: the part of it that a ramp of some direction explains."""

import numpy as np

from core.arrays import Array


def ramp_share(kernels: Array) -> float:
    """(..., k, k): the sum of squares of the best ramp a*i + b*j of each kernel, i and j from the centre, over the sum of
    squares of all. Random kernels: 2 / k^2."""
    size = kernels.shape[-1]
    rows, columns = np.mgrid[:size, :size] - (size - 1) / 2
    flat = kernels.reshape(-1, size * size)
    parts = [flat @ ramp.ravel() / np.linalg.norm(ramp) for ramp in (rows, columns)]
    return float(sum((part**2).sum() for part in parts) / (flat**2).sum())
