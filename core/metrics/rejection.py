"""The reject option: refuse the images that the network is unsure of, and be wrong less often on the rest.

The zip net of LeCun et al. (1989) came from 5 % error to 1 % in this way.
"""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.metrics.score_order import falling
from core.ratio import ratio


@dataclass(frozen=True, eq=False)
class Rejection:
    """One point for each confidence that occurs, thresholds falling: ever fewer are refused, at the end none."""

    thresholds: Array
    refused: Array
    """The share whose confidence is below the threshold."""
    error: Array
    """The share of wrong answers among those that are kept."""


@dataclass(frozen=True)
class Refusal:
    refused: float
    error: float
    """NaN when everything is refused."""


def rejection(confidence: Array, right: Array) -> Rejection:
    """Confidence (N,) in each answer, and whether it is right (N,) bool. Equal confidences are refused together."""
    order, ends = falling(confidence)
    kept = ends + 1
    wrong = np.cumsum(~right[order])[ends]
    return Rejection(confidence[order][ends], 1 - ratio(kept, len(right)), ratio(wrong, kept))


def refuse_below(confidence: Array, right: Array, threshold: float) -> Refusal:
    kept = confidence >= threshold
    return Refusal(float(1 - ratio(kept.sum(), len(kept))), float(ratio(np.sum(~right & kept), kept.sum())))


def least_refused(result: Rejection, error: float) -> Refusal | None:
    """The least that must be refused so that at most `error` of the rest is wrong; None where no threshold does it."""
    good = np.flatnonzero(result.error <= error)
    return Refusal(float(result.refused[good[-1]]), float(result.error[good[-1]])) if len(good) else None


def lead(outputs: Array) -> Array:
    """(N, K) outputs -> (N,) how far the largest is ahead of the second: a confidence, also where outputs are no
    probabilities."""
    second, first = np.sort(outputs, axis=1)[:, -2:].T
    return first - second


def refused_for(outputs: Array, labels: Array, error: float) -> float | None:
    """Percent of the images that must be refused, smallest lead first, so that at most `error` of the answers is wrong
    (LeCun et al. 1989); None where no threshold does it."""
    least = least_refused(rejection(lead(outputs), outputs.argmax(axis=1) == labels), error)
    return None if least is None else round(100 * least.refused, 1)
