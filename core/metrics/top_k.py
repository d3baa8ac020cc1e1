"""Rankings: the rank of the right class among the outputs, and the hardest images."""

import numpy as np

from core.arrays import Array


def ranks(logits: Array, truth: Array) -> Array:
    """(N, K), (N,) -> 1 if the right class has the largest logit, 2 if one class is ahead of it, ... Of equal logits,
    the first class is ahead, as with argmax."""
    own = logits[np.arange(len(truth)), truth][:, None]
    earlier = np.arange(logits.shape[1]) < truth[:, None]
    ranking: Array = 1 + np.sum((logits > own) | ((logits == own) & earlier), axis=1)
    return ranking


def top_k(logits: Array, truth: Array, k: int) -> float:
    """The share of images whose right class is among the k largest outputs; NaN for no images."""
    return float(np.mean(ranks(logits, truth) <= k)) if len(truth) else np.nan


def hardest(losses: Array) -> Array:
    """The indices (N,) of the images, the one with the largest loss first."""
    return np.argsort(-losses, kind="stable")
