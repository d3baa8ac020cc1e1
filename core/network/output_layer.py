"""What the end of a network must look like for it to be a classifier."""

from typing import Any

from core.network.blocks import Layer
from core.network.costs import parameters
from core.network.errors import NetworkError
from core.network.layers import Activation, BatchNorm, Bias, Dense, Dropout, Flatten
from core.network.network import Network
from core.network.repairs import Change, Insert, Remove, Repair
from core.network.shapes import Shape, output_shape
from core.recipe.losses import (
    BinaryCrossEntropy,
    CrossEntropy,
    Loss,
    NegativeLogLikelihood,
    applied_within,
    fewest_outputs,
)


CROSS_ENTROPY = CrossEntropy()


def check_ending(
    network: Network, classes: int | None = None, data: str = "the data set", loss: Loss = CROSS_ENTROPY
) -> None:
    """Raises NetworkError if a classifier cannot end like this, or if the loss would apply the last activation again;
    with a number of `classes`, also if it does not end in that many logits (for some losses a single one is enough)."""
    shape = output_shape(network)
    if len(shape) != 1:
        raise _ends_in_maps(network, shape, classes)
    if classes is not None and shape[0] not in (classes, fewest_outputs(loss, classes)):
        raise _wrong_output_count(network, shape[0], classes, data)
    last = next((layer for layer in reversed(network.layers) if not _is_identity(layer)), None)
    within = applied_within(loss)
    if within and isinstance(last, Activation) and last.function in ("softmax", within):
        raise _applied_twice(last, shape[0], within)
    softmax = isinstance(last, Activation) and last.function == "softmax"
    if isinstance(loss, NegativeLogLikelihood) and not softmax:
        raise _no_probabilities(network)
    if not parameters(network):
        raise _no_parameters(network, shape[0])


def _ends_in_maps(network: Network, shape: Shape, classes: int | None) -> NetworkError:
    flatten = Repair("put a Flatten layer at the end, then a Dense layer with one unit per class", (_end("flatten"),))
    if classes is not None:
        words = f"put Flatten and a Dense layer with {classes} units at the end"
        flatten = Repair(words, (_end("flatten"), _end("dense", units=classes)))
    return NetworkError(
        network.layers[-1].name,
        f"the network ends in feature maps of shape {shape}, but a classifier needs one number per class",
        [flatten, "choose a preset"],
    )


def _wrong_output_count(network: Network, outputs: int, classes: int, data: str) -> NetworkError:
    last = next((layer for layer in reversed(network.layers) if not _keeps_count(layer)), None)
    repairs = [Repair(f"put another Dense layer with {classes} units at the end", (_end("dense", units=classes),))]
    if isinstance(last, Dense):
        repairs.insert(0, Repair(f"give {last.name} {classes} units", (Change(last.name, {"units": classes}),)))
    if outputs == fewest_outputs(BinaryCrossEntropy(), classes):
        repairs.append(
            Repair("choose binary cross-entropy as the loss: a single output says yes or no to the second class")
        )
    return NetworkError(
        network.layers[-1].name,
        f"the network ends in {outputs:,} number{'' if outputs == 1 else 's'}, but {data} has {classes} classes",
        repairs,
    )


def _applied_twice(last: Activation, outputs: int, within: str) -> NetworkError:
    twice = (
        "apply it twice"
        if last.function == within
        else f"come before it, and {within} of probabilities is not a probability"
    )
    return NetworkError(
        last.name,
        f"the loss applies {within} to the {outputs:,} logits itself; a {last.function} layer at the end would {twice}",
        [
            Repair(f"remove it: ConvScope applies {within} to show probabilities anyway", (Remove(last.name),)),
            Repair(f"put a Dense layer with {outputs:,} units after it", (_end("dense", units=outputs),)),
            "choose negative log-likelihood as the loss: it takes the probabilities of a softmax layer"
            if last.function == "softmax"
            else "choose squared error as the loss: it takes the outputs unchanged",
        ],
    )


def _no_probabilities(network: Network) -> NetworkError:
    return NetworkError(
        network.layers[-1].name,
        "negative log-likelihood needs probabilities, but the network does not end in softmax",
        [
            Repair("put a softmax layer at the end", (_end("activation", function="softmax"),)),
            "choose cross-entropy as the loss: it applies softmax to the logits itself",
        ],
    )


def _no_parameters(network: Network, outputs: int) -> NetworkError:
    return NetworkError(
        network.layers[-1].name,
        "the network has no parameters, so there is nothing to learn",
        [
            Repair(f"put a Dense layer with {outputs:,} units at the end", (_end("dense", units=outputs),)),
            "put a convolution at the start",
        ],
    )


def _end(kind: str, **fields: Any) -> Insert:
    return Insert(({"kind": kind, **fields},))


def _is_identity(layer: Layer) -> bool:
    """Whether the layer leaves the outputs unchanged, as the loss sees them."""
    return isinstance(layer, Dropout | Flatten) or (isinstance(layer, Activation) and layer.function == "linear")


def _keeps_count(layer: Layer) -> bool:
    """Whether a vector has the same length after this layer."""
    keeps = isinstance(layer, Dropout | Flatten | BatchNorm | Bias)
    return keeps or (isinstance(layer, Activation) and layer.function != "maxout")
