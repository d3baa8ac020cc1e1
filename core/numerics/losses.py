"""The losses: how wrong the outputs (N, K) are for the labels (N,), as one number per image, and its gradient."""

import numpy as np

from core.arrays import Array
from core.recipe.losses import (
    BinaryCrossEntropy,
    CrossEntropy,
    Focal,
    LogitAdjusted,
    Loss,
    NegativeLogLikelihood,
    SquaredError,
)


def batch_loss(
    loss: Loss, outputs: Array, labels: Array, weight: Array | None = None, offsets: Array | None = None
) -> tuple[np.floating, Array]:
    """The mean (or sum) of weight * loss over the batch, and its gradient (N, K) with respect to the outputs.

    The mean divides by N, not by the sum of the weights (N,): an image with weight 2 counts twice. `offsets` (K,) come
    from `prior_offsets`; only the logit-adjusted loss uses them.
    """
    values, gradients = per_sample_loss(loss, outputs, labels, offsets)
    factor = np.full(len(labels), 1.0 if loss.reduction == "sum" else 1 / len(labels), outputs.dtype)
    factor = factor if weight is None else factor * weight
    return np.sum(factor * values), gradients * factor[:, None]


def per_sample_loss(loss: Loss, outputs: Array, labels: Array, offsets: Array | None = None) -> tuple[Array, Array]:
    """The loss of every image (N,), and its gradient (N, K) with respect to the image's outputs."""
    match loss:
        case CrossEntropy(label_smoothing=smoothing):
            return cross_entropy(outputs, labels, smoothing)
        case Focal(gamma=gamma):
            return focal(outputs, labels, gamma)
        case LogitAdjusted():
            return cross_entropy(outputs if offsets is None else outputs + offsets, labels)
        case BinaryCrossEntropy():
            return binary_cross_entropy(outputs, labels)
        case SquaredError(targets=kind, classes=classes):
            return squared_error(outputs, targets(labels, outputs, LOWEST[kind]), classes)
        case NegativeLogLikelihood():
            return negative_log_likelihood(outputs, labels)
    raise TypeError(f"unknown loss {type(loss).__name__}")


# --- one function per loss: values (N,) and gradients (N, K)


def cross_entropy(logits: Array, labels: Array, smoothing: float = 0.0) -> tuple[Array, Array]:
    """-sum t log p; the gradient is p - t, without any logarithm (Bishop 2006, eq. 4.109)."""
    log_p, t = log_softmax(logits), targets(labels, logits)
    if smoothing:
        t = (1 - smoothing) * t + smoothing / logits.shape[1]
        return -np.sum(t * log_p, axis=1), np.exp(log_p) - t
    return -log_p[np.arange(len(labels)), labels], np.exp(log_p) - t


def focal(logits: Array, labels: Array, gamma: float) -> tuple[Array, Array]:
    """-q^gamma log p, where p is the label's probability and q = 1 - p (Lin et al. 2017, eq. 4). By the chain rule:
    d/dp = gamma q^(gamma - 1) log p - q^gamma / p, and dp/dz = p (t - softmax(z))."""
    log_p, t = log_softmax(logits), targets(labels, logits)
    log_p_label = log_p[np.arange(len(labels)), labels]
    p_label = np.exp(log_p_label)
    q = np.maximum(-np.expm1(log_p_label), np.finfo(logits.dtype).tiny)
    slope = gamma * q ** (gamma - 1) * p_label * log_p_label - q**gamma
    return -(q**gamma) * log_p_label, slope[:, None] * (t - np.exp(log_p))


def binary_cross_entropy(logits: Array, labels: Array) -> tuple[Array, Array]:
    """The mean over the outputs of log(1 + exp(z)) - t z, which is -log sigmoid(z) for t = 1 and -log(1 - sigmoid(z))
    for t = 0; the gradient is (sigmoid(z) - t) / K (Bishop 2006, eq. 4.90 and 4.91)."""
    t, count = yes_or_no(labels, logits), logits.shape[1]
    return np.mean(softplus(logits) - t * logits, axis=1), (sigmoid(logits) - t) / count


def squared_error(outputs: Array, t: Array, classes: str = "mean") -> tuple[Array, Array]:
    """The mean of (y - t)^2 over the classes, with gradient 2 (y - t) / K; with `classes="half sum"`, half
    their sum, with gradient y - t."""
    difference, factor = outputs - t, 2 / outputs.shape[1] if classes == "mean" else 1
    return factor / 2 * np.sum(difference * difference, axis=1), factor * difference


def negative_log_likelihood(p: Array, labels: Array) -> tuple[Array, Array]:
    """-log p of the label, from probabilities (N, K). The gradient is -1/p at the label; it is 0 elsewhere, and where p
    is below LEAST."""
    rows, gradients = np.arange(len(labels)), np.zeros_like(p)
    p_label = p[rows, labels]
    clipped = np.maximum(p_label, p.dtype.type(LEAST))
    gradients[rows, labels] = np.where(p_label >= LEAST, -1 / clipped, 0)
    return -np.log(clipped), gradients


LEAST = float(np.finfo(np.float32).tiny)
"""Probabilities are clipped to at least this before taking the logarithm, in both precisions: about 1.2e-38."""
LOWEST = {"signed": -1, "one-hot": 0}
"""The target of squared error for the classes other than the label's."""


def targets(labels: Array, outputs: Array, lowest: float = 0) -> Array:
    """(N, K): 1 for the label, `lowest` for the other classes; in the precision of the outputs."""
    t = np.full(outputs.shape, lowest, outputs.dtype)
    t[np.arange(len(labels)), labels] = 1
    return t


def yes_or_no(labels: Array, outputs: Array) -> Array:
    """(N, K): 1 for the label, 0 for the other classes; for a single output (N, 1), 1 for the second of two classes."""
    return labels[:, None].astype(outputs.dtype) if outputs.shape[1] == 1 else targets(labels, outputs)


def prior_offsets(loss: Loss, labels: Array, classes: int) -> Array:
    """(K,) what the loss adds to the logits in training: tau * log(share of each class among the training labels)."""
    if not isinstance(loss, LogitAdjusted):
        return np.zeros(classes)
    counts = np.maximum(np.bincount(labels, minlength=classes), 1)
    offsets: Array = loss.tau * np.log(counts / counts.sum())
    return offsets


# --- what the outputs mean


def of_each_class(outputs: Array) -> Array:
    """One output per class. Outputs (N, K) stay unchanged; a single output z (N, 1), which stands for the second of two
    classes, becomes -z and z (N, 2). Binary cross-entropy and sigmoids keep their values, because 1 - sigmoid(z) =
    sigmoid(-z)."""
    return np.concatenate([-outputs, outputs], axis=1) if outputs.shape[1] == 1 else outputs


def reported_losses(loss: Loss, outputs: Array, labels: Array) -> Array:
    """(N,) the loss of each image as it is reported for the training, validation and test sets: without weights, label
    smoothing, focusing or offsets, so that runs with and without them can be compared. This is the cross-entropy for
    the three losses based on it, and the loss itself for the others."""
    if isinstance(loss, Focal | LogitAdjusted | CrossEntropy):
        return cross_entropies(outputs, labels)
    return per_sample_loss(loss, outputs, labels)[0]


def probabilities(loss: Loss, outputs: Array) -> Array:
    """(N, K) the probability of each class according to the outputs; each row sums to 1.

    Softmax if the loss applies softmax; for binary cross-entropy, the sigmoids divided by their sum. Under squared
    error the best output is the mean of the targets, 2 p - 1 or p (Bishop 2006, eq. 1.89): this is solved for p,
    clipped to 0 ... 1 and divided by the sum. If all are clipped to 0, every class is equally likely.
    """
    match loss:
        case BinaryCrossEntropy():
            return _shares(sigmoid(outputs))
        case SquaredError(targets=kind):
            low = LOWEST[kind]
            return _shares(np.clip((outputs - low) / (1 - low), 0, 1))
        case NegativeLogLikelihood():
            return _shares(np.maximum(outputs, 0))
    return softmax(outputs)


def uniform_outputs(loss: Loss, classes: int) -> Array:
    """(1, K) the outputs that give every class the probability 1/K."""
    match loss:
        case BinaryCrossEntropy():
            return np.full((1, classes), -np.log(max(classes - 1, 1)))
        case SquaredError(targets=kind):
            return np.full((1, classes), LOWEST[kind] + (1 - LOWEST[kind]) / classes)
        case NegativeLogLikelihood():
            return np.full((1, classes), 1 / classes)
    return np.zeros((1, classes))


def _shares(values: Array) -> Array:
    total = values.sum(axis=1, keepdims=True)
    return np.where(total > 0, values / np.where(total > 0, total, 1), 1 / values.shape[1])


# --- functions that cannot overflow


def softmax(logits: Array) -> Array:
    """(N, classes) -> probabilities, each row sums to 1."""
    probabilities: Array = np.exp(log_softmax(logits))
    return probabilities


def log_softmax(logits: Array) -> Array:
    """(N, classes). Subtracting the largest logit first keeps exp from overflowing and log from seeing 0."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p: Array = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return log_p


def cross_entropies(logits: Array, labels: Array) -> Array:
    """-log p(label) for each image: logits (N, classes), labels (N,) integers -> (N,)."""
    losses: Array = -log_softmax(logits)[np.arange(len(labels)), labels]
    return losses


def sigmoid(z: Array) -> Array:
    """1 / (1 + exp(-z))"""
    e = np.exp(-np.abs(z))
    values: Array = np.where(z >= 0, 1, e) / (1 + e)
    return values


def softplus(z: Array) -> Array:
    """log(1 + exp(z))"""
    values: Array = np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))
    return values
