"""Moving the threshold: adapt the outputs of a trained network to other class shares, without training it again."""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.metrics.confusion import balanced_accuracy, confusion


STRENGTHS = np.linspace(0, 2, 21)


@dataclass(frozen=True)
class Moved:
    strength: float
    """0 changes nothing, 1 is Bayes' rule."""
    score: float
    """Balanced accuracy on the images that the strength was chosen on."""


def moved(logits: Array, learnt: Array, wanted: Array, strength: float = 1.0) -> Array:
    """logits - strength * (log learnt - log wanted), (N, K): `learnt` and `wanted` (K,) are the class counts or
    shares in training and those to adapt to.

    By Bayes' rule p(k | x) is proportional to p(x | k) p(k): dividing by the old share and multiplying by the new one
    is exact if the logits are (Saerens et al. 2002, eq. 2.4; Menon et al. 2021 with a strength tau). A class that did
    not occur in training keeps its logit.
    """
    known = (learnt > 0) & (wanted > 0)
    shift = np.zeros(len(learnt))
    shift[known] = np.log(wanted[known] / wanted.sum()) - np.log(learnt[known] / learnt.sum())
    return logits.astype(np.float64) + strength * shift


def chosen(logits: Array, labels: Array, learnt: Array, wanted: Array) -> Moved:
    """The strength with the best balanced accuracy on these images; of equal ones, the smallest. Choose it on
    validation images: on the test set, it would be graded on answers that it had already seen."""
    scores = [_score(moved(logits, learnt, wanted, strength), labels) for strength in STRENGTHS]
    best = int(np.argmax(scores))
    return Moved(float(STRENGTHS[best]), scores[best])


def _score(logits: Array, labels: Array) -> float:
    return balanced_accuracy(confusion(labels, np.argmax(logits, axis=1), logits.shape[1]))
