"""Dropout: while training, each number is thrown away with probability `rate` (Srivastava et al. 2014)."""

import numpy as np

from core.arrays import Array
from core.network.layers import Dropout
from core.network.network import Network
from core.network.shapes import trace
from core.random import generator


def forward(x, mask, rate: float, mode: str = "inverted"):
    """x and mask (N, ...), True where a number is kept; without a mask dropout is off.

    Inverted: the kept ones are divided by 1 - rate, so that the expected sum stays and nothing needs to change when
    dropout is off. Classic: the kept ones stay as they are, and all are multiplied by 1 - rate when dropout is off.
    """
    factor = x.dtype.type(_factor(rate, mode, on=mask is not None)) * (1 if mask is None else mask)
    return x * factor, lambda dy: (dy * factor, {})


def _factor(rate: float, mode: str, on: bool) -> float:
    if mode == "classic":
        return 1 if on else 1 - rate
    return 1 / (1 - rate) if on else 1


def masks(network: Network, seed: int, step: int, batch: int) -> dict[str, Array]:
    """For each dropout layer by name: booleans (batch, *shape), True where kept. Depends on the seed, the number of the
    optimizer step and the layer's name alone, so that a resumed run draws what an unbroken one would have drawn."""
    return {
        result.layer.name: _mask(
            generator(seed, "dropout", step, result.layer.name), (batch, *result.output), result.layer
        )
        for result in trace(network)
        if isinstance(result.layer, Dropout)
    }


def _mask(rng: np.random.Generator, shape, layer: Dropout) -> Array:
    return rng.random(shape, dtype=np.float32) >= layer.rate
