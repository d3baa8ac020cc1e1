"""Rankings: where the right class stands among the guesses, and which images were the hardest."""

import numpy as np

from core.arrays import Array


def ranks(logits: Array, truth: Array) -> Array:
    """(N, K), (N,) -> 1 where the right class has the largest logit, 2 where one class is before it, ... Of equal
    logits the first class is before, as with argmax."""
    own = logits[np.arange(len(truth)), truth][:, None]
    earlier = np.arange(logits.shape[1]) < truth[:, None]
    return 1 + np.sum((logits > own) | ((logits == own) & earlier), axis=1)


def top_k(logits: Array, truth: Array, k: int) -> float:
    """The share of images whose right class is among the first k guesses; NaN for none."""
    return float(np.mean(ranks(logits, truth) <= k)) if len(truth) else np.nan


def hardest(losses: Array) -> Array:
    """Places (N,) of the images, the one with the largest loss first."""
    return np.argsort(-losses, kind="stable")
