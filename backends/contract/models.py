"""Models with given weights, and images for them."""

import numpy as np

import backends
from backends.contract.networks import network
from core.backend import State
from core.network.costs import weight_shapes
from core.network.layers import Dense, Flatten
from core.network.network import Network
from core.network.running_statistics import initial_statistics
from core.network.shapes import trace
from core.random import generator
from core.recipe.optimizers import SGD
from core.recipe.training import TrainingRecipe


def weights_for(subject: Network, seed: int = 5) -> dict:
    """Random weights and non-zero biases: zeros would hide mistakes."""
    rng = generator(seed, "contract weights")
    return {
        f"{step.layer.name}.{part}": frozen(rng.normal(0, 0.5, shape))
        for step in trace(subject)
        for part, shape in weight_shapes(step).items()
    }


def statistics_for(subject: Network, seed: int = 5) -> dict:
    """Running statistics that differ from the initial ones."""
    rng = generator(seed, "contract statistics")
    start = initial_statistics(subject, np.float64)
    return {name: frozen(values + rng.uniform(0.1, 1.5, values.shape)) for name, values in start.items()}


def images(count: int, shape, seed: int = 6):
    """Random images, rounded to hundredths to be readable."""
    return frozen(np.round(generator(seed, "contract pictures").normal(0, 1, (count, *shape)), 2))


def seeds(count: int, classes: int):
    return frozen(generator(7, "contract seeds").normal(0, 1, (count, classes)))


def frozen(array):
    """The array, read-only, as data sets, weights and masks are."""
    array.flags.writeable = False
    return array


def reference():
    return backends.load("reference")


def model(backend, subject: Network, weights=None, optimizer=None, precision="float64", **training):
    recipe = TrainingRecipe(optimizer=optimizer or SGD(), precision=precision, **training)
    weights = weights_for(subject) if weights is None else weights
    result = backend.build(subject, weights, recipe)
    if statistics := statistics_for(subject):
        result.restore(State(weights, statistics=statistics))
    return result


def one_layer(backend, layer, x, kernels=None, bias=0.0):
    """A network whose logits are the outputs of one layer. If that layer has no weights, a dense identity layer
    follows, since a backend need not support networks without weights. -> model, names of the layer's weights."""
    shape, it = image(x).shape[1:], layer.model_copy(update={"name": "it"})
    if kernels is not None:
        weights = {"it.weights": np.array(kernels, float), "it.biases": np.full(len(kernels), bias)}
        return model(backend, network(it, Flatten(), shape=shape), weights), list(weights)
    cells = trace(network(it, Flatten(), shape=shape))[-1].output[0]
    weights = {"copy.weights": np.eye(cells), "copy.biases": np.zeros(cells)}
    return model(backend, network(it, Flatten(), Dense(units=cells, name="copy"), shape=shape), weights), []


def maps_of(backend, layer, x, **weights):
    """The output of one layer for one image, given as rows or as channels of rows."""
    return one_layer(backend, layer, x, **weights)[0].activations(image(x))["it"][0]


def image(x):
    """Rows, or channels of rows -> (1, C, H, W)."""
    x = np.array(x, float)
    return x[None, None] if x.ndim == 2 else x[None]


def one(rows):
    """A kernel (or feature map) as (1, 1, kh, kw)."""
    return [[rows]]
