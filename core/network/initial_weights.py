"""The first weights, drawn in NumPy from the seed and the layer's name: the same bits for every backend."""

import numpy as np

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


def initial_weights(network: Network, seed: int, dtype=np.float32) -> dict[str, Array]:
    """{"conv1.weights": ..., "conv1.biases": ...} in the layers' order. Drawn in float64, then rounded to `dtype`."""
    drawn = {}
    for step in trace(network):
        for part, shape in weight_shapes(step).items():
            rng = generator(seed, part, step.layer.name)
            values = draw(getattr(step.layer, part), shape, fans(step), rng)
            drawn[f"{step.layer.name}.{part}"] = values.astype(dtype)
    return drawn


def draw(initial, shape: Shape, both_fans: tuple[float, float], rng: np.random.Generator) -> Array:
    """Float64 array of `shape`; the fans are those of the layer's weights, also for its biases."""
    wide = spread(initial, both_fans)
    match initial:
        case Zeros() | Constant():
            return np.full(shape, wide)
        case Uniform() | GlorotUniform() | HeUniform() | UniformOverIn():
            return rng.uniform(-wide, wide, shape)
        case Normal() | GlorotNormal() | OneOverOut() | OneOverInOut():
            return rng.normal(0, wide, shape)
        case HeNormal():
            return truncated_normal(rng, shape) * wide / STD_OF_TRUNCATED_NORMAL
    raise TypeError(f"no way to draw {type(initial).__name__}")


def spread(initial: AnyInitial, both_fans: tuple[float, float]) -> float:
    """The limit where all between minus and plus it is equally likely, the standard deviation of a normal distribution,
    or the one value."""
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
    """N(0, 1) without the values beyond two standard deviations: those are drawn again."""
    values = rng.standard_normal(shape)
    while np.any(outside := np.abs(values) > 2):
        values[outside] = rng.standard_normal(int(outside.sum()))
    return values
