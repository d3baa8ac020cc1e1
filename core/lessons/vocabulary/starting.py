"""First weights, slopes of activations, and what scaling does to pixels."""

import numpy as np
from pydantic import TypeAdapter

from core.arrays import Array
from core.demos.images import pixel_statistics
from core.demos.learning import initialization
from core.network import initializers
from core.network.initial_weights import draw
from core.random import generator
from core.recordings.recording import FOLDER


__all__ = [
    "activation_slope", "activation_value", "dead_pixels", "drawn_limit", "drawn_std", "glorot_limit", "he_std",
    "largest_scaled", "standardised", "unit_difference",
]  # fmt: skip

PIXELS = FOLDER / "pixels" / "mnist.json"
_INITIAL: TypeAdapter = TypeAdapter(initializers.Initial)
DRAWS = 400_000


def activation_value(name: str, x):
    """sigmoid, tanh or relu of a number or an array."""
    return initialization.FUNCTIONS[name](np.asarray(x, np.float64))[0]


def activation_slope(name: str, x):
    """Its derivative there."""
    x = np.asarray(x, np.float64)
    return initialization.FUNCTIONS[name](x)[1](np.ones_like(x))[0]


def glorot_limit(fan_in: int, fan_out: int) -> float:
    """Glorot's uniform: sqrt(6 / (fan_in + fan_out))."""
    return float(np.sqrt(6 / (fan_in + fan_out)))


def he_std(fan_in: int) -> float:
    """He's normal: sqrt(2 / fan_in)."""
    return float(np.sqrt(2 / fan_in))


def drawn_limit(kind: str, fan_in: int, fan_out: int) -> float:
    """The largest of many weights that an initialiser really draws."""
    return float(np.abs(_draws(kind, fan_in, fan_out)).max())


def drawn_std(kind: str, fan_in: int, fan_out: int) -> float:
    """Their standard deviation."""
    return float(_draws(kind, fan_in, fan_out).std())


def unit_difference(kind: str, function: str, later: bool = True, **fields) -> float:
    """The most by which two units of the first hidden layer of 784-50-20-10 differ, after five steps or before."""
    first = initialization.look(_INITIAL.validate_python({"kind": kind, **fields}), function, (784, 50, 20, 10))[0]
    return first.difference_later if later else first.difference


def standardised(value: float, mean: float, std: float, epsilon: float) -> float:
    """(value - mean) / (std + epsilon)"""
    return (value - mean) / (std + epsilon)


def largest_scaled(rule: str, number: float = 1.0) -> float:
    """The largest number that any pixel of 1,000 new MNIST digits becomes; mean and std are of 4,000 others."""
    return float(pixel_statistics.scaled_largest(pixel_statistics.read(PIXELS), rule, number).max())


def dead_pixels() -> int:
    """Pixels that are the same in the first 4,000 MNIST digits."""
    return pixel_statistics.dead(pixel_statistics.read(PIXELS))


def _draws(kind: str, fan_in: int, fan_out: int) -> Array:
    return draw(_INITIAL.validate_python({"kind": kind}), (DRAWS,), (fan_in, fan_out), generator(1, "vocabulary", kind))
