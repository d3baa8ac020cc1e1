"""The reject option: refuse the images that the network is unsure about, and make fewer mistakes on the rest.

The zip-code network of LeCun et al. (1989) got from 5 % error down to 1 % this way.
"""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.metrics.score_order import falling
from core.ratio import ratio


@dataclass(frozen=True, eq=False)
class Rejection:
    """One point per confidence that occurs, in order of falling threshold: fewer and fewer images are refused, at the
    end none."""

    thresholds: Array
    refused: Array
    """The share of images whose confidence is below the threshold."""
    error: Array
    """The share of wrong answers among the accepted images."""


@dataclass(frozen=True)
class Refusal:
    refused: float
    error: float
    """NaN if everything is refused."""


def rejection(confidence: Array, right: Array) -> Rejection:
    """Confidence (N,) in each answer, and whether it is right (N,) bool. Images with equal confidence are refused
    together."""
    order, ends = falling(confidence)
    accepted = ends + 1
    wrong = np.cumsum(~right[order])[ends]
    return Rejection(confidence[order][ends], 1 - ratio(accepted, len(right)), ratio(wrong, accepted))


def refuse_below(confidence: Array, right: Array, threshold: float) -> Refusal:
    accepted = confidence >= threshold
    return Refusal(
        float(1 - ratio(accepted.sum(), len(accepted))), float(ratio(np.sum(~right & accepted), accepted.sum()))
    )


def least_refused(result: Rejection, error: float) -> Refusal | None:
    """The fewest refusals with which at most a share `error` of the rest is wrong; None if no threshold achieves it."""
    good = np.flatnonzero(result.error <= error)
    return Refusal(float(result.refused[good[-1]]), float(result.error[good[-1]])) if len(good) else None


def lead(outputs: Array) -> Array:
    """(N, K) outputs -> (N,) the largest minus the second largest: a confidence, even if outputs are not
    probabilities."""
    second, first = np.sort(outputs, axis=1)[:, -2:].T
    difference: Array = first - second
    return difference


def refused_for(outputs: Array, labels: Array, error: float) -> float | None:
    """The percentage of images that must be refused, smallest lead first, so that at most a share `error` of the
    answers is wrong (LeCun et al. 1989); None if no threshold achieves it."""
    least = least_refused(rejection(lead(outputs), outputs.argmax(axis=1) == labels), error)
    return None if least is None else round(100 * least.refused, 1)
