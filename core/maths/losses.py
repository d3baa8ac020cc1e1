"""The loss: cross-entropy on logits, the mean over a batch."""

import numpy as np


def softmax(logits):
    """(N, classes) -> probabilities, each row sums to 1."""
    return np.exp(log_softmax(logits))


def log_softmax(logits):
    """(N, classes). The largest logit is subtracted first: exp cannot overflow, log never sees 0."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def cross_entropies(logits, labels):
    """-log p(label), one a picture: logits (N, classes), labels (N,) integers -> (N,)."""
    return -log_softmax(logits)[np.arange(len(labels)), labels]


def cross_entropy(logits, labels, weight=None):
    """-> the mean of weight * cross-entropy over the batch, and its gradient (N, classes) with respect to the logits.

    The mean divides by N, whatever the weights (N,) add up to: weight 2 is a picture that counts twice. The gradient is
    (softmax(logits) - one-hot label) * weight / N: no logarithm is left in it (Bishop 2006, eq. 4.109).
    """
    n = len(labels)
    share = np.full(n, 1 / n, logits.dtype) if weight is None else weight / n
    dlogits = softmax(logits)
    dlogits[np.arange(n), labels] -= 1
    return np.sum(share * cross_entropies(logits, labels)), dlogits * share[:, None]
