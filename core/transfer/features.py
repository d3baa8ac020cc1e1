"""Numbers that describe an image: a layer's output in a network, pixels, or edge histograms."""

from collections.abc import Callable

import numpy as np

from core.arrays import Array
from core.backend import Backend, Model
from core.data.preparation.fitting import fitted
from core.data.preparation.scaling import FittedScaling
from core.demos.images.hog import CELL, edge_histogram
from core.experiment.experiment import Experiment
from core.explain.questions import QuestionError
from core.network.layers import Dense
from core.network.network import Network
from core.network.shapes import trace
from core.runs.folder import Run
from core.training.fit import new_model
from core.transfer.plan import Features


BATCH = 250
MOST_FEATURES = 20_000
"""Per image, so that thousands of images fit into memory."""

Describe = Callable[[Array], Array]
"""Images (N, C, H, W) uint8 -> features (N, F) float32."""


def layers(experiment: Experiment) -> dict[str, int]:
    """The layers of a network that can be its last one as a feature extractor: the numbers per image of each."""
    return {step.layer.name: int(np.prod(step.output)) for step in trace(experiment.network)}


def usual_layer(network: Network) -> str:
    """The layer before the last dense one: what is cut off is the classifier. Without one, the last layer."""
    names = [layer.name for layer in network.layers]
    dense = [index for index, layer in enumerate(network.layers) if isinstance(layer, Dense) and index > 0]
    return names[dense[-1] - 1] if dense else names[-1]


def check_layer(experiment: Experiment, layer: str) -> None:
    """Raises QuestionError if there is no such layer, or if its output is too large."""
    widths = layers(experiment)
    if layer not in widths:
        raise QuestionError(f"there is no layer called {layer!r}; there are {', '.join(widths)}")
    if widths[layer] > MOST_FEATURES:
        raise QuestionError(
            f"layer {layer} outputs {widths[layer]:,} numbers per image, too many for a classifier here (at most "
            f"{MOST_FEATURES:,}); cut the network after a later layer"
        )


def describers(
    run: Run, step: int, layer: str, scaling: FittedScaling, backend: Backend, device: str
) -> dict[Features, Describe]:
    """All the ways of describing an image that are compared. They see the same images, made to fit the network. Raises
    QuestionError, RunError or BackendError."""
    experiment = run.experiment
    check_layer(experiment, layer)
    shape = experiment.network.input_shape
    trained, untrained = new_model(backend, experiment, device), new_model(backend, experiment, device)
    trained.restore(run.state_at(step))

    def of(model: Model) -> Describe:
        return lambda images: outputs_of(model, layer, fitted(images, shape), scaling, experiment.training.precision)

    result: dict[Features, Describe] = {
        "network": of(trained),
        "untrained": of(untrained),
        "pixels": lambda images: pixels(fitted(images, shape)),
    }
    if min(shape[1:]) >= CELL:
        result["edges"] = lambda images: edges(fitted(images, shape))
    return result


def outputs_of(model: Model, layer: str, images: Array, scaling: FittedScaling, precision: str) -> Array:
    """The outputs of a layer, flattened."""
    batches = [scaling.apply(images[start : start + BATCH], precision) for start in range(0, len(images), BATCH)]
    return np.concatenate([_flat(model.activations(batch)[layer]) for batch in batches])


def pixels(images: Array) -> Array:
    """Grey levels from 0 to 1."""
    return _flat(images) / np.float32(255)


def edges(images: Array) -> Array:
    """Edge histograms of the mean over the channels."""
    return _flat(edge_histogram(images.mean(axis=1) / 255))


def _flat(values: Array) -> Array:
    return values.reshape(len(values), -1).astype(np.float32)
