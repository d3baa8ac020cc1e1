"""The first weights, drawn in NumPy from the seed and the layer's name: the same bits for every backend."""

import numpy as np

from core.network.counting import fans, weight_shapes
from core.network.initials import (
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


def initial_weights(network: Network, seed: int, dtype=np.float32) -> dict[str, np.ndarray]:
    """{"conv1.weights": ..., "conv1.biases": ...} in the layers' order. Drawn in float64, then rounded to `dtype`."""
    drawn = {}
    for step in trace(network):
        for part, shape in weight_shapes(step).items():
            chance = generator(seed, part, step.layer.name)
            values = draw(getattr(step.layer, part), shape, fans(step), chance)
            drawn[f"{step.layer.name}.{part}"] = values.astype(dtype)
    return drawn


def draw(initial, shape: Shape, both_fans: tuple[float, float], chance: np.random.Generator) -> np.ndarray:
    """Float64 array of `shape`; the fans are those of the layer's weights, also for its biases."""
    fan_in, fan_out = both_fans
    match initial:
        case Zeros():
            return np.zeros(shape)
        case Constant(value=value):
            return np.full(shape, value)
        case Normal(std=std):
            return chance.normal(0, std, shape)
        case Uniform(limit=limit):
            return chance.uniform(-limit, limit, shape)
        case GlorotUniform():
            limit = np.sqrt(6 / (fan_in + fan_out))
            return chance.uniform(-limit, limit, shape)
        case GlorotNormal():
            return chance.normal(0, np.sqrt(2 / (fan_in + fan_out)), shape)
        case HeUniform():
            limit = np.sqrt(6 / fan_in)
            return chance.uniform(-limit, limit, shape)
        case HeNormal():
            return truncated_normal(chance, shape) * np.sqrt(2 / fan_in) / STD_OF_TRUNCATED_NORMAL
        case OneOverOut(pool_area=pool_area):
            return chance.normal(0, np.sqrt(pool_area / fan_out), shape)
        case OneOverInOut(pool_area=pool_area):
            return chance.normal(0, np.sqrt(1 / (fan_in + fan_out / pool_area)), shape)
        case UniformOverIn(reach=reach):
            return chance.uniform(-reach / fan_in, reach / fan_in, shape)
    raise TypeError(f"no way to draw {type(initial).__name__}")


def truncated_normal(chance: np.random.Generator, shape: Shape) -> np.ndarray:
    """N(0, 1) without the values beyond two standard deviations: those are drawn again."""
    values = chance.standard_normal(shape)
    while np.any(outside := np.abs(values) > 2):
        values[outside] = chance.standard_normal(int(outside.sum()))
    return values
