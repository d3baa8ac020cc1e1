"""The randomisation check: an explanation that hardly changes when the weights become random does not explain them.

Adebayo et al. 2018, "Sanity checks for saliency maps", section 4.1, cascading randomisation.
"""

from collections.abc import Iterator

import numpy as np

from core.arrays import Array
from core.backend import Weights
from core.network.costs import weight_shapes
from core.network.network import Network
from core.network.shapes import trace
from core.random import generator


PASSED, FAILED = 0.2, 0.5
"""|Rank correlation| with all weights random: below the first, the check is passed; from the second, failed. The paper
has no thresholds; these are ours."""


def cascade(network: Network) -> list[str]:
    """The layers with weights, from the output down to the input."""
    return [step.layer.name for step in reversed(trace(network)) if weight_shapes(step)]


def randomised(network: Network, weights: Weights, draw: int = 0) -> Iterator[Weights]:
    """One set of weights per layer of `cascade`: this layer and those above it random, those below as trained. Random
    values are normal with the mean and the standard deviation of the array that they replace."""
    current = dict(weights)
    for layer in cascade(network):
        for name in [name for name in weights if name.rpartition(".")[0] == layer]:
            values = weights[name]
            noise = generator(draw, "randomisation check", name).standard_normal(values.shape)
            current[name] = (values.mean() + values.std() * noise).astype(values.dtype)
        yield dict(current)


def verdict(correlations: Array) -> str:
    """One word for the rank correlations after each layer, the last with all weights random: "passed", "partly",
    "failed", or "undefined" where a map is constant."""
    last = abs(float(correlations[-1]))
    if np.isnan(last):
        return "undefined"
    return "passed" if last < PASSED else "partly" if last < FAILED else "failed"
