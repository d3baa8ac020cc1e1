"""The inside of a recorded network during training, and how many positions a window has."""

import numpy as np

from core.arrays import Array
from core.demos.images import output_size
from core.demos.images.template_matching import cosine
from core.explain.edge_share import ramp_share
from core.network.costs import costs
from core.recordings.arrays import RecordedArrays, read
from core.recordings.recording import FOLDER


__all__ = [
    "exact_positions", "inside_alike", "inside_bins", "inside_diagonal", "inside_field", "inside_histogram",
    "inside_numbers", "inside_ramps", "inside_weights", "rounded_positions",
]  # fmt: skip

BINS = np.linspace(-0.525, 0.525, 22)


def _read(name: str) -> RecordedArrays:
    return read(FOLDER / "arrays" / f"{name}.json")


def inside_numbers(recording: str, key: str) -> Array:
    """An array of the recording "inside-training", "inside-maps", "inside-patches" or "inside-dreams"."""
    return _read(recording).array(key)


def inside_weights(layer: str, step: int) -> Array:
    """The weights (filters, C, kh, kw) of "conv1" or "conv2" after a recorded step; those of "logits" are (10, 256)."""
    return _read("inside-training").array(f"{layer}.weights-{int(step)}")


def inside_alike(layer: str, step: int, other: int) -> float:
    """The cosine between a layer's weights after two steps; 1 means the same direction."""
    return cosine(inside_weights(layer, step).ravel(), inside_weights(layer, other).ravel())


def inside_ramps(layer: str, step: int, map: int = 0) -> float:
    """How much of the filters' sum of squares linear ramps explain, as a share; random 5 x 5 kernels give 2/25.

    `map` picks one filter, counted from 1; 0 means all filters of the layer.
    """
    weights = inside_weights(layer, step)
    return ramp_share(weights[map - 1] if map else weights)


def inside_diagonal(recording: str, key: str) -> Array:
    """From a table of digits by outputs: the output for the right class of each digit."""
    return inside_numbers(recording, key).diagonal()


def inside_bins() -> Array:
    """The centres of the bins of `inside_histogram`."""
    return np.asarray(((BINS[1:] + BINS[:-1]) / 2).round(6))


def inside_histogram(layer: str, step: int) -> Array:
    """The share of a layer's weights in each bin; the first and last bin include everything beyond them."""
    weights = np.clip(inside_weights(layer, step).ravel(), BINS[0], BINS[-1])
    return np.asarray(np.histogram(weights, BINS)[0] / weights.size)


def inside_field(layer: str) -> int:
    """The side length, in pixels, of the receptive field of a unit in a layer of the recorded network."""
    cost = next(cost for cost in costs(_read("inside-maps").experiment.network) if cost.step.layer.name == layer)
    if cost.receptive_field is None:
        raise ValueError(f"{layer} sees the whole image: name a convolution or pooling layer")
    return cost.receptive_field[0]


def exact_positions(size: int, window: int, stride: int = 1, padding: int = 0) -> float:
    """The number of positions of a window before rounding: (N - K + 2P) / S + 1."""
    return float(output_size.exact(int(size), int(window), int(stride), int(padding)))


def rounded_positions(size: int, window: int, stride: int = 1, padding: int = 0, up: bool = False) -> int:
    """The number of positions of a window, rounded down, or up if `up`."""
    return output_size.rounded(int(size), int(window), int(stride), int(padding), up)
