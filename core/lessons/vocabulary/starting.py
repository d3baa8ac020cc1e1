"""Initial weights, slopes of activations, and the effect of scaling on pixels."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
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
_INITIAL: TypeAdapter[initializers.Initial] = TypeAdapter(initializers.Initial)
DRAWS = 400_000


def activation_value(name: str, x: ArrayLike) -> Any:
    """An activation of a number or an array; `name` is "sigmoid", "tanh" or "relu"."""
    return initialization.FUNCTIONS[name](np.asarray(x, np.float64))[0]


def activation_slope(name: str, x: ArrayLike) -> Any:
    """The derivative of an activation at a number or an array."""
    x = np.asarray(x, np.float64)
    return initialization.FUNCTIONS[name](x)[1](np.ones_like(x))[0]


def glorot_limit(fan_in: int, fan_out: int) -> float:
    """The limit of Glorot's uniform initialiser: sqrt(6 / (fan_in + fan_out))."""
    return float(np.sqrt(6 / (fan_in + fan_out)))


def he_std(fan_in: int) -> float:
    """The standard deviation of He's normal initialiser: sqrt(2 / fan_in)."""
    return float(np.sqrt(2 / fan_in))


def drawn_limit(kind: str, fan_in: int, fan_out: int) -> float:
    """The largest absolute value among many weights drawn by an initialiser."""
    return float(np.abs(_draws(kind, fan_in, fan_out)).max())


def drawn_std(kind: str, fan_in: int, fan_out: int) -> float:
    """The standard deviation of many weights drawn by an initialiser."""
    return float(_draws(kind, fan_in, fan_out).std())


def unit_difference(kind: str, function: str, later: bool = True, **fields: Any) -> float:
    """The largest difference between units of the first hidden layer of 784-50-20-10, after five steps or before."""
    first = initialization.look(_INITIAL.validate_python({"kind": kind, **fields}), function, (784, 50, 20, 10))[0]
    return first.difference_later if later else first.difference


def standardised(value: float, mean: float, std: float, epsilon: float) -> float:
    """The standardised value: (value - mean) / (std + epsilon)."""
    return (value - mean) / (std + epsilon)


def largest_scaled(rule: str, number: float = 1.0) -> float:
    """The largest pixel value in 1,000 new MNIST digits after scaling; mean and std come from 4,000 other digits."""
    return float(pixel_statistics.scaled_largest(pixel_statistics.read(PIXELS), rule, number).max())


def dead_pixels() -> int:
    """The number of pixels with the same value in all of the first 4,000 MNIST digits."""
    return pixel_statistics.dead(pixel_statistics.read(PIXELS))


def _draws(kind: str, fan_in: int, fan_out: int) -> Array:
    return draw(_INITIAL.validate_python({"kind": kind}), (DRAWS,), (fan_in, fan_out), generator(1, "vocabulary", kind))
