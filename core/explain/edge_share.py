"""How much of a kernel is an edge detector: the share that a linear ramp in some direction explains."""

import numpy as np

from core.arrays import Array


def ramp_share(kernels: Array) -> float:
    """Kernels (..., k, k): the sum of squares of each kernel's best ramp a*i + b*j, with i and j measured from the
    centre, divided by the sum of squares of all weights. For random kernels, 2 / k^2."""
    size = kernels.shape[-1]
    rows, columns = np.mgrid[:size, :size] - (size - 1) / 2
    flat = kernels.reshape(-1, size * size)
    parts = [flat @ ramp.ravel() / np.linalg.norm(ramp) for ramp in (rows, columns)]
    return float(sum((part**2).sum() for part in parts) / (flat**2).sum())
