"""Initial weights, drawn in NumPy from the seed and the layer's name: the same bits for every backend."""

import numpy as np
from numpy.typing import DTypeLike

from core.arrays import Array
from core.network.costs import fans, weight_shapes
from core.network.initializers import (
    AnyInitial,
    Constant,
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    Normal,
    OneOverInOut,
    OneOverOut,
    Uniform,
    UniformOverIn,
    Zeros,
)
from core.network.network import Network
from core.network.shapes import Shape, trace
from core.random import generator


STD_OF_TRUNCATED_NORMAL = 0.8796256610342398
"""Standard deviation of N(0, 1) cut at -2 and 2: sqrt(1 - 4 phi(2) / (2 Phi(2) - 1))."""


def initial_weights(network: Network, seed: int, dtype: DTypeLike = np.float32) -> dict[str, Array]:
    """{"conv1.weights": ..., "conv1.biases": ...} in layer order. Drawn in float64, then cast to `dtype`."""
    drawn = {}
    for step in trace(network):
        for part, shape in weight_shapes(step).items():
            rng = generator(seed, part, step.layer.name)
            values = draw(getattr(step.layer, part), shape, fans(step), rng)
            drawn[f"{step.layer.name}.{part}"] = values.astype(dtype)
    return drawn


def draw(initial: AnyInitial, shape: Shape, both_fans: tuple[float, float], rng: np.random.Generator) -> Array:
    """Float64 array of `shape`; the fans are those of the layer's weights, even for its biases."""
    width = spread(initial, both_fans)
    match initial:
        case Zeros() | Constant():
            return np.full(shape, width)
        case Uniform() | GlorotUniform() | HeUniform() | UniformOverIn():
            return rng.uniform(-width, width, shape)
        case Normal() | GlorotNormal() | OneOverOut() | OneOverInOut():
            return rng.normal(0, width, shape)
        case HeNormal():
            return truncated_normal(rng, shape) * width / STD_OF_TRUNCATED_NORMAL
    raise TypeError(f"cannot draw from {type(initial).__name__}")


def spread(initial: AnyInitial, both_fans: tuple[float, float]) -> float:
    """The limit of a uniform distribution, the standard deviation of a normal one, or the constant."""
    fan_in, fan_out = both_fans
    match initial:
        case Zeros():
            return 0.0
        case Constant(value=value) | Normal(std=value) | Uniform(limit=value):
            return value
        case GlorotUniform():
            return float(np.sqrt(6 / (fan_in + fan_out)))
        case GlorotNormal():
            return float(np.sqrt(2 / (fan_in + fan_out)))
        case HeUniform():
            return float(np.sqrt(6 / fan_in))
        case HeNormal():
            return float(np.sqrt(2 / fan_in))
        case OneOverOut(pool_area=pool_area):
            return float(np.sqrt(pool_area / fan_out))
        case OneOverInOut(pool_area=pool_area):
            return float(np.sqrt(1 / (fan_in + fan_out / pool_area)))
        case UniformOverIn(reach=reach):
            return reach / fan_in
    raise TypeError(f"no spread of {type(initial).__name__}")


def truncated_normal(rng: np.random.Generator, shape: Shape) -> Array:
    """N(0, 1), where values beyond two standard deviations are drawn again."""
    values = rng.standard_normal(shape)
    while np.any(outside := np.abs(values) > 2):
        values[outside] = rng.standard_normal(int(outside.sum()))
    return values
