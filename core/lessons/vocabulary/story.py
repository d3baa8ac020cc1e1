"""Counts for historic networks: the zip-code network of 1989 layer by layer, and AlexNet of 2012."""

from functools import lru_cache

import numpy as np

from core.arrays import Array
from core.experiment import presets
from core.network import costs
from core.network.layers import Conv2D, Dense, Flatten, Pool
from core.network.network import Network


__all__ = [
    "alexnet_parameters", "alexnet_units", "zip_connections", "zip_layer_connections", "zip_layer_parameters",
    "zip_layer_units", "zip_parameters", "zip_units",
]  # fmt: skip


def zip_parameters() -> int:
    """The number of parameters of the zip-code network, biases included."""
    return costs.parameters(_zip())


def zip_connections() -> int:
    """The number of connections of the zip-code network: how often its parameters are used for one image."""
    return costs.connections(_zip())


def zip_units() -> int:
    """The number of units of the zip-code network, its 256 input cells included."""
    return costs.units(_zip())


def zip_layer_parameters() -> Array:
    """(4,): the parameters of the layers H1, H2, H3 and output."""
    return np.array([cost.parameters for cost in _layers_with_parameters(_zip())])


def zip_layer_connections() -> Array:
    """(4,): the connections of the layers H1, H2, H3 and output."""
    return np.array([cost.connections for cost in _layers_with_parameters(_zip())])


def zip_layer_units() -> Array:
    """(4,): the units of the layers H1, H2, H3 and output."""
    return np.array([np.prod(cost.step.output) for cost in _layers_with_parameters(_zip())])


def alexnet_parameters() -> int:
    """The number of parameters of AlexNet, biases included."""
    return costs.parameters(_alexnet())


def alexnet_units() -> int:
    """The number of units of AlexNet, not counting its input."""
    return sum(int(np.prod(cost.step.output)) for cost in _layers_with_parameters(_alexnet()))


@lru_cache(maxsize=1)
def _zip() -> Network:
    return presets.get("zip-net").network()


@lru_cache(maxsize=1)
def _alexnet() -> Network:
    """Krizhevsky, Sutskever and Hinton 2012, section 3.5.

    Images have 227 x 227 pixels (the paper's 224 is a mistake); in three layers each filter sees only the half of the
    feature maps on its own GPU. Activations and normalisation are left out: they have no parameters.
    """
    pool = Pool(window=3, stride=2)
    convolutions = [
        *(Conv2D(filters=96, kernel_size=11, stride=4), pool),
        *(Conv2D(filters=256, kernel_size=5, padding=2, inputs_per_filter=48), pool),
        Conv2D(filters=384, kernel_size=3, padding=1),
        Conv2D(filters=384, kernel_size=3, padding=1, inputs_per_filter=192),
        *(Conv2D(filters=256, kernel_size=3, padding=1, inputs_per_filter=192), pool),
    ]
    return Network(
        input_shape=(3, 227, 227),
        layers=[*convolutions, Flatten(), Dense(units=4096), Dense(units=4096), Dense(units=1000)],
    )


def _layers_with_parameters(network: Network) -> list[costs.Cost]:
    return [cost for cost in costs.costs(network) if cost.parameters]
