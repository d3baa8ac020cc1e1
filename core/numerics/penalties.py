"""Weight penalties (L1 and L2): a cost for large weights, added to the loss, whose gradient pulls them towards zero."""

import numpy as np

from core.arrays import Array
from core.network.costs import weight_shapes
from core.network.layers import Conv2D, LocallyConnected
from core.network.network import Network
from core.network.shapes import trace
from core.recipe.penalties import Penalty
from core.recipe.training import TrainingRecipe


def groups(network: Network) -> dict[str, str]:
    """{"conv1.weights": "conv", "dense1.weights": "dense", "dense2.weights": "output"}: the group of every weight
    array that can be penalised. The last layer with weights is the output; biases, gamma and beta are in no group."""
    layers = [step.layer for step in trace(network) if "weights" in weight_shapes(step)]
    result = {
        f"{layer.name}.weights": "conv" if isinstance(layer, Conv2D | LocallyConnected) else "dense" for layer in layers
    }
    return result | {f"{layer.name}.weights": "output" for layer in layers[-1:]}


def by_weight(network: Network, recipe: TrainingRecipe, rows: int) -> dict[str, Penalty]:
    """The penalty of every weight array that has one, for a training set of `rows` images."""
    share = 1 / batches(recipe, rows) if recipe.penalties.over_batches else 1
    result = {name: getattr(recipe.penalties, group) for name, group in groups(network).items()}
    return {
        name: Penalty(l2=penalty.l2 * share, l1=penalty.l1 * share)
        for name, penalty in result.items()
        if penalty != Penalty()
    }


def batches(recipe: TrainingRecipe, rows: int) -> int:
    """The number of whole batches in the training set, at least 1. network3 divides its L2 by this number: 0.1 over
    5,000 batches is a decay of 2e-5."""
    return max(rows // recipe.batch_size, 1)


def cost(w: Array, penalty: Penalty) -> float:
    """l2 / 2 * sum(w^2) + l1 * sum(|w|) (Bishop 2006, eq. 5.112, and Tibshirani 1996)"""
    total: float = penalty.l2 / 2 * np.sum(w * w) + penalty.l1 * np.sum(np.abs(w))
    return total


def gradient(w: Array, penalty: Penalty) -> Array:
    """l2 * w + l1 * sign(w); at zero the sign is 0, which is one of the subgradients of |w|."""
    slope: Array = penalty.l2 * w + penalty.l1 * np.sign(w)
    return slope
