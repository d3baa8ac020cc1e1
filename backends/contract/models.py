"""Models with given weights, and the images they look at."""

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
    """Biases that are not zero, too: what is zero hides mistakes."""
    rng = generator(seed, "contract weights")
    return {
        f"{step.layer.name}.{part}": frozen(rng.normal(0, 0.5, shape))
        for step in trace(subject)
        for part, shape in weight_shapes(step).items()
    }


def statistics_for(subject: Network, seed: int = 5) -> dict:
    """Running statistics that are not those of the start."""
    rng = generator(seed, "contract statistics")
    start = initial_statistics(subject, np.float64)
    return {name: frozen(values + rng.uniform(0.1, 1.5, values.shape)) for name, values in start.items()}


def images(count: int, shape, seed: int = 6):
    """Rounded to hundredths, so that the numbers can be read."""
    return frozen(np.round(generator(seed, "contract pictures").normal(0, 1, (count, *shape)), 2))


def seeds(count: int, classes: int):
    return frozen(generator(7, "contract seeds").normal(0, 1, (count, classes)))


def frozen(array):
    """Data sets, weights and masks come read-only."""
    array.flags.writeable = False
    return array


def reference():
    return backends.load("reference")


def model(backend, subject: Network, weights=None, optimizer=None, precision="float64", **training):
    recipe = TrainingRecipe(optimizer=optimizer or SGD(), precision=precision, **training)
    weights = weights_for(subject) if weights is None else weights
    made = backend.build(subject, weights, recipe)
    if statistics := statistics_for(subject):
        made.restore(State(weights, statistics=statistics))
    return made


def one_layer(backend, layer, x, kernels=None, bias=0.0):
    """A network that shows one layer's numbers as its logits; where the layer learns nothing, a dense layer that copies
    follows, since a network without any weights need not be trainable. -> model, names of the layer's weights."""
    shape, it = image(x).shape[1:], layer.model_copy(update={"name": "it"})
    if kernels is not None:
        weights = {"it.weights": np.array(kernels, float), "it.biases": np.full(len(kernels), bias)}
        return model(backend, network(it, Flatten(), shape=shape), weights), list(weights)
    cells = trace(network(it, Flatten(), shape=shape))[-1].output[0]
    weights = {"copy.weights": np.eye(cells), "copy.biases": np.zeros(cells)}
    return model(backend, network(it, Flatten(), Dense(units=cells, name="copy"), shape=shape), weights), []


def maps_of(backend, layer, x, **weights):
    """One layer over one image (or several channels): its output."""
    return one_layer(backend, layer, x, **weights)[0].activations(image(x))["it"][0]


def image(x):
    """Rows, or channels of rows -> (1, C, H, W)."""
    x = np.array(x, float)
    return x[None, None] if x.ndim == 2 else x[None]


def one(rows):
    """A kernel (or map) as (1, 1, kh, kw)."""
    return [[rows]]
