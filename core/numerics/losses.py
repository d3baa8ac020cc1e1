"""The losses: how wrong outputs (N, K) are about labels (N,), one number an image, and its slope."""

import numpy as np

from core.recipe.losses import (
    BinaryCrossEntropy,
    CrossEntropy,
    Focal,
    LogitAdjusted,
    NegativeLogLikelihood,
    SquaredError,
)


def batch_loss(loss, outputs, labels, weight=None, offsets=None):
    """-> the mean (or sum) of weight * loss over the batch, and its gradient (N, K) with respect to the outputs.

    The mean divides by N, whatever the weights (N,) add up to: weight 2 is an image that counts twice. `offsets` (K,)
    are those of `prior_offsets`, for the loss that has some.
    """
    values, slopes = per_sample_loss(loss, outputs, labels, offsets)
    share = np.full(len(labels), 1.0 if loss.reduction == "sum" else 1 / len(labels), outputs.dtype)
    share = share if weight is None else share * weight
    return np.sum(share * values), slopes * share[:, None]


def per_sample_loss(loss, outputs, labels, offsets=None):
    """-> the loss of every image (N,), and its gradient (N, K) with respect to the image's outputs."""
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
    raise TypeError(f"no way to compute {type(loss).__name__}")


# --- one loss each: values (N,) and slopes (N, K)


def cross_entropy(logits, labels, smoothing=0.0):
    """-sum t log p; the slope is p - t: no logarithm is left in it (Bishop 2006, eq. 4.109)."""
    log_p, t = log_softmax(logits), targets(labels, logits)
    if smoothing:
        t = (1 - smoothing) * t + smoothing / logits.shape[1]
        return -np.sum(t * log_p, axis=1), np.exp(log_p) - t
    return -log_p[np.arange(len(labels)), labels], np.exp(log_p) - t


def focal(logits, labels, gamma):
    """-q^gamma log p with p the label's probability and q = 1 - p (Lin et al. 2017, eq. 4). Down the chain:
    d/dp = gamma q^(gamma - 1) log p - q^gamma / p, and dp/dz = p (t - softmax(z))."""
    log_p, t = log_softmax(logits), targets(labels, logits)
    log_own = log_p[np.arange(len(labels)), labels]
    own = np.exp(log_own)
    q = np.maximum(-np.expm1(log_own), np.finfo(logits.dtype).tiny)
    slope = gamma * q ** (gamma - 1) * own * log_own - q**gamma
    return -(q**gamma) * log_own, slope[:, None] * (t - np.exp(log_p))


def binary_cross_entropy(logits, labels):
    """The mean over the outputs of log(1 + exp(z)) - t z, which is -log sigmoid(z) for t = 1 and -log(1 - sigmoid(z))
    for t = 0; the slope is sigmoid(z) - t, over K (Bishop 2006, eq. 4.90 and 4.91)."""
    t, count = yes_or_no(labels, logits), logits.shape[1]
    return np.mean(softplus(logits) - t * logits, axis=1), (sigmoid(logits) - t) / count


def squared_error(outputs, t, classes="mean"):
    """The mean of (y - t)^2 over the classes, with the slope 2 (y - t) / K; or half their sum, with y - t."""
    away, each_class = outputs - t, 2 / outputs.shape[1] if classes == "mean" else 1
    return each_class / 2 * np.sum(away * away, axis=1), each_class * away


def negative_log_likelihood(p, labels):
    """-log p of the label, of probabilities (N, K); the slope is -1/p there, and 0 for the others and below LEAST."""
    rows, slopes = np.arange(len(labels)), np.zeros_like(p)
    own = p[rows, labels]
    least = np.maximum(own, p.dtype.type(LEAST))
    slopes[rows, labels] = np.where(own >= LEAST, -1 / least, 0)
    return -np.log(least), slopes


LEAST = float(np.finfo(np.float32).tiny)
"""The smallest probability of which a logarithm is taken, in both precisions: about 1.2e-38."""
LOWEST = {"signed": -1, "one-hot": 0}
"""What squared error asks of the outputs of the other classes."""


def targets(labels, outputs, lowest=0):
    """(N, K): 1 for the label, `lowest` for the others; in the outputs' precision."""
    t = np.full(outputs.shape, lowest, outputs.dtype)
    t[np.arange(len(labels)), labels] = 1
    return t


def yes_or_no(labels, outputs):
    """(N, K) yes to the label, no to the others; a single output (N, 1) says yes to the second of two classes."""
    return labels[:, None].astype(outputs.dtype) if outputs.shape[1] == 1 else targets(labels, outputs)


def prior_offsets(loss, labels, classes: int):
    """(K,) what is added to the logits while training: tau * log(share of each class among the training labels)."""
    if not isinstance(loss, LogitAdjusted):
        return np.zeros(classes)
    counts = np.maximum(np.bincount(labels, minlength=classes), 1)
    return loss.tau * np.log(counts / counts.sum())


# --- what outputs mean


def of_each_class(outputs):
    """(N, K) as they are; of a single yes or no z (N, 1) to the second of two classes (N, 2): -z and z. For these two,
    binary cross-entropy and sigmoids are those of z, since 1 - sigmoid(z) = sigmoid(-z)."""
    return np.concatenate([-outputs, outputs], axis=1) if outputs.shape[1] == 1 else outputs


def reported_losses(loss, outputs, labels):
    """(N,) the loss of each image as it is told of the training, validation and test parts: without weights,
    smoothing, focus or offsets, so that runs with and without them compare. Cross-entropy for the three losses that are
    made of it, the others as they are."""
    if isinstance(loss, Focal | LogitAdjusted | CrossEntropy):
        return cross_entropies(outputs, labels)
    return per_sample_loss(loss, outputs, labels)[0]


def probabilities(loss, outputs):
    """(N, K) what outputs say of each class; each row sums to 1.

    Softmax where the loss applies softmax. Sigmoids as shares of their sum for yes-or-no losses. Under squared error
    the best output is the mean of the targets, (2 p - 1) or p (Bishop 2006, eq. 1.89): solved for p, cut to 0 ... 1 and
    given as shares of their sum; where all are cut to 0, every class is as likely.
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


def uniform_outputs(loss, classes: int):
    """(1, K) the outputs that say 1/K of each class."""
    match loss:
        case BinaryCrossEntropy():
            return np.full((1, classes), -np.log(max(classes - 1, 1)))
        case SquaredError(targets=kind):
            return np.full((1, classes), LOWEST[kind] + (1 - LOWEST[kind]) / classes)
        case NegativeLogLikelihood():
            return np.full((1, classes), 1 / classes)
    return np.zeros((1, classes))


def _shares(parts):
    total = parts.sum(axis=1, keepdims=True)
    return np.where(total > 0, parts / np.where(total > 0, total, 1), 1 / parts.shape[1])


# --- functions that cannot overflow


def softmax(logits):
    """(N, classes) -> probabilities, each row sums to 1."""
    return np.exp(log_softmax(logits))


def log_softmax(logits):
    """(N, classes). The largest logit is subtracted first: exp cannot overflow, log never sees 0."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def cross_entropies(logits, labels):
    """-log p(label), one an image: logits (N, classes), labels (N,) integers -> (N,)."""
    return -log_softmax(logits)[np.arange(len(labels)), labels]


def sigmoid(z):
    e = np.exp(-np.abs(z))
    return np.where(z >= 0, 1, e) / (1 + e)


def softplus(z):
    """log(1 + exp(z))"""
    return np.maximum(z, 0) + np.log1p(np.exp(-np.abs(z)))
