"""Networks of history, counted: the zip net of 1989 layer by layer, and AlexNet of 2012."""

from functools import lru_cache

import numpy as np

from core.experiment import presets
from core.network import costs
from core.network.layers import Conv2D, Dense, Flatten, Pool
from core.network.network import Network


__all__ = [
    "alexnet_parameters", "alexnet_units", "zip_connections", "zip_layer_connections", "zip_layer_parameters",
    "zip_layer_units", "zip_parameters", "zip_units",
]  # fmt: skip


def zip_parameters() -> int:
    """Of the zip net, biases included."""
    return costs.parameters(_zip())


def zip_connections() -> int:
    """How often the zip net's parameters are used for one image."""
    return costs.connections(_zip())


def zip_units() -> int:
    """Of the zip net, its 256 input cells included."""
    return costs.units(_zip())


def zip_layer_parameters():
    """(4,) of H1, H2, H3 and output."""
    return np.array([cost.parameters for cost in _paying(_zip())])


def zip_layer_connections():
    """(4,) of H1, H2, H3 and output."""
    return np.array([cost.connections for cost in _paying(_zip())])


def zip_layer_units():
    """(4,) of H1, H2, H3 and output."""
    return np.array([np.prod(cost.step.output) for cost in _paying(_zip())])


def alexnet_parameters() -> int:
    """Of the network that won in 2012, biases included."""
    return costs.parameters(_alexnet())


def alexnet_units() -> int:
    """Of the network that won in 2012, without its input."""
    return sum(int(np.prod(cost.step.output)) for cost in _paying(_alexnet()))


@lru_cache(maxsize=1)
def _zip() -> Network:
    return presets.get("zip-net").network()


@lru_cache(maxsize=1)
def _alexnet() -> Network:
    """Krizhevsky, Sutskever and Hinton 2012, section 3.5: images of 227 x 227 (their 224 is a slip), three layers whose
    maps see the half that is on the same GPU; activations and normalisation left out, they have nothing to learn."""
    pool = Pool(window=3, stride=2)
    maps = [
        *(Conv2D(filters=96, kernel_size=11, stride=4), pool),
        *(Conv2D(filters=256, kernel_size=5, padding=2, inputs_per_filter=48), pool),
        Conv2D(filters=384, kernel_size=3, padding=1),
        Conv2D(filters=384, kernel_size=3, padding=1, inputs_per_filter=192),
        *(Conv2D(filters=256, kernel_size=3, padding=1, inputs_per_filter=192), pool),
    ]
    return Network(
        input_shape=(3, 227, 227), layers=[*maps, Flatten(), Dense(units=4096), Dense(units=4096), Dense(units=1000)]
    )


def _paying(network: Network) -> list[costs.Cost]:
    return [cost for cost in costs.costs(network) if cost.parameters]
