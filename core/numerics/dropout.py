"""Dropout: during training, each number is set to 0 with probability `rate` (Srivastava et al. 2014)."""

import numpy as np

from core.arrays import Array
from core.network.layers import Dropout
from core.network.network import Network
from core.network.shapes import trace
from core.numerics.backprop import Backprop
from core.random import generator


def forward(x: Array, mask: Array | None, rate: float, mode: str = "inverted") -> tuple[Array, Backprop]:
    """x and mask (N, ...); the mask is True where a number is kept. Without a mask, dropout is off.

    Inverted: the kept numbers are divided by 1 - rate, which preserves the expected sum; when dropout is off, x passes
    unchanged. Classic: the kept numbers pass unchanged; when dropout is off, all are multiplied by 1 - rate.
    """
    factor = x.dtype.type(_factor(rate, mode, on=mask is not None)) * (1 if mask is None else mask)
    return x * factor, lambda dy: (dy * factor, {})


def _factor(rate: float, mode: str, on: bool) -> float:
    if mode == "classic":
        return 1 if on else 1 - rate
    return 1 / (1 - rate) if on else 1


def masks(network: Network, seed: int, step: int, batch: int) -> dict[str, Array]:
    """One mask per dropout layer, by layer name: booleans (batch, *shape), True where a number is kept. The masks
    depend only on the seed, the number of the optimizer step and the layer's name, so a resumed run draws the same ones
    as an uninterrupted run."""
    return {
        entry.layer.name: _mask(
            generator(seed, "dropout", step, entry.layer.name), (batch, *entry.output), entry.layer.rate
        )
        for entry in trace(network)
        if isinstance(entry.layer, Dropout)
    }


def _mask(rng: np.random.Generator, shape: tuple[int, ...], rate: float) -> Array:
    kept: Array = rng.random(shape, dtype=np.float32) >= rate
    return kept
