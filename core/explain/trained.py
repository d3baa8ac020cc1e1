"""A network with the weights of one step, held by a backend: what every question is asked of."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.backend import Model, State, Weights
from core.experiment.experiment import Experiment
from core.network.layers import Flatten
from core.network.network import Network
from core.network.shapes import Shape, outline, trace
from core.numerics import losses


Arrays = dict[str, Array]


class QuestionError(ValueError):
    """A question cannot be answered for this network; the message says why, in one sentence."""


@dataclass(frozen=True)
class Trained:
    """A network with the weights of one step, held by a backend."""

    experiment: Experiment
    state: State
    model: Model
    """For reading only: other questions use the same model."""
    build: Callable[[Network, Weights], Model]
    """Builds another model in the same backend, for example of the first layers only."""

    def copy(self) -> Model:
        """A model of the same network in the same state, which may be trained."""
        model = self.build(self.experiment.network, self.state.weights)
        model.restore(self.state)
        return model

    def with_weights(self, weights: Weights) -> Model:
        """The same network with other weights, and with its own running statistics."""
        model = self.build(self.experiment.network, weights)
        model.restore(State(weights, step=self.state.step, statistics=self.state.statistics))
        return model

    def up_to(self, name: str) -> Model:
        """The layers up to this one; feature maps are flattened, so `predict` gives (N, units). Raises QuestionError
        for a layer that does not exist or is inside a block."""
        network = self.experiment.network
        layer_shape(network, name)
        names = [step.layer.name for step in outline(network)]
        if name not in names:
            raise QuestionError(f"{name!r} is inside a block; choose the whole block, or a layer outside it")
        layers = network.layers[: names.index(name) + 1]
        flat = () if len(layer_shape(network, name)) == 1 else (Flatten(),)
        first = Network(input_shape=network.input_shape, layers=(*layers, *flat))
        inside = {step.layer.name for step in trace(first)}
        weights, statistics = (
            {key: values for key, values in group.items() if key.rpartition(".")[0] in inside}
            for group in (self.state.weights, self.state.statistics)
        )
        model = self.build(first, weights)
        model.restore(State(weights, step=self.state.step, statistics=statistics))
        return model


def layer_shape(network: Network, name: str) -> Shape:
    """The shape of a layer's output. Raises QuestionError if there is no such layer."""
    shapes = {step.layer.name: step.output for step in trace(network)}
    if name not in shapes:
        raise QuestionError(f"there is no layer called {name!r}; there are {', '.join(shapes)}")
    return shapes[name]


def images_of(network: Trained, arrays: Arrays) -> Array:
    """arrays["images"] in the run's precision. Raises QuestionError if they do not fit the network."""
    images, shape = np.asarray(arrays["images"]), network.experiment.network.input_shape
    if images.ndim != 4 or images.shape[1:] != shape or not len(images):
        given, wanted = ("x".join(map(str, sizes)) for sizes in (images.shape, ("N", *shape)))
        raise QuestionError(f"the network takes images of {wanted} (images, channels, rows, columns), not of {given}")
    return images.astype(network.experiment.training.precision)


def labels_of(network: Trained, arrays: Arrays, count: int) -> Array:
    """arrays["labels"], one for each of `count` images. Raises QuestionError if they are not classes of the network."""
    labels, last = np.asarray(arrays["labels"], np.int64), classes(network) - 1
    if labels.shape != (count,) or not 0 <= labels.min() <= labels.max() <= last:
        raise QuestionError(f"each image needs one label from 0 to {last}")
    return labels


def classes(network: Trained) -> int:
    outputs: int = trace(network.experiment.network)[-1].output[0]
    return max(outputs, 2)


def probabilities(experiment: Experiment, outputs: Array) -> Array:
    """(N, K) from the outputs of the last layer, as the run's loss reads them."""
    return losses.probabilities(experiment.training.loss, losses.of_each_class(outputs))
