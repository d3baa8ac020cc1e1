"""Running statistics: batch norm's averages over past batches. They are state of a run, not weights."""

import numpy as np
from numpy.typing import DTypeLike

from core.arrays import Array
from core.network.layers import BatchNorm
from core.network.network import Network
from core.network.shapes import trace


def initial_statistics(network: Network, dtype: DTypeLike = np.float32) -> dict[str, Array]:
    """{"norm1.running_mean": zeros (C,), "norm1.running_variance": ones (C,)} in the order of the layers."""
    start = {}
    for step in trace(network):
        if isinstance(step.layer, BatchNorm):
            channels = step.input[0]
            start[f"{step.layer.name}.running_mean"] = np.zeros(channels, dtype)
            start[f"{step.layer.name}.running_variance"] = np.ones(channels, dtype)
    return start
