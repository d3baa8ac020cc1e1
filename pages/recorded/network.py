"""The network that lesson 16 opens, with its recorded weights; the reference backend runs it in float32."""

from functools import lru_cache
from typing import NamedTuple

import numpy as np

import backends
from core.backend import Model
from core.numerics.losses import softmax
from core.recordings.arrays import Packed, RecordedArrays, packed
from pages.recorded.arrays import load


RECORDING = "inside-training"
FIRST = "conv1"


class Verdict(NamedTuple):
    probabilities: list[float]
    """One per digit."""
    maps: Packed
    """(maps, rows, columns): the first convolution, after ReLU."""


def recorded() -> RecordedArrays:
    return load(RECORDING)


@lru_cache(maxsize=1)
def network() -> Model:
    """The network with the weights of the last recorded step."""
    result = recorded()
    end = f"-{result.numbers['steps'][-1]}"
    weights = {
        name.removesuffix(end): result.array(name).astype(np.float32) for name in result.packed if name.endswith(end)
    }
    return backends.load("reference").build(result.experiment.network, weights, result.experiment.training, "cpu")


def judged(image: np.ndarray) -> Verdict:
    """The answer to an image (28, 28) uint8, white ink on black."""
    seen = network().activations((image[None, None] / 255).astype(np.float32))
    return Verdict(softmax(seen["logits"])[0].tolist(), packed(seen["relu1"][0]))
