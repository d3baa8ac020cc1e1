"""core's losses in TensorFlow: one number per image."""

from typing import Any

import numpy as np
import tensorflow as tf

from core.numerics.losses import LEAST, LOWEST
from core.recipe.losses import (
    BinaryCrossEntropy,
    CrossEntropy,
    Focal,
    LogitAdjusted,
    Loss,
    NegativeLogLikelihood,
    SquaredError,
)


Tensor = Any
"""tf.Tensor: TensorFlow comes without types."""


def per_sample_loss(loss: Loss, outputs: Tensor, labels: Tensor, offsets: Tensor) -> Tensor:
    """The loss of every image (N,): outputs (N, K), labels (N,), offsets (K,)."""
    match loss:
        case CrossEntropy(label_smoothing=smoothing):
            return cross_entropy(outputs, labels, smoothing)
        case Focal(gamma=gamma):
            return focal(outputs, labels, gamma)
        case LogitAdjusted():
            return cross_entropy(outputs + offsets, labels)
        case BinaryCrossEntropy():
            each_output = tf.nn.sigmoid_cross_entropy_with_logits(_yes_or_no(labels, outputs), outputs)
            return tf.reduce_mean(each_output, axis=1)
        case SquaredError(targets=kind, classes=classes):
            low = LOWEST[kind]
            squares = tf.square(outputs - (low + (1 - low) * _targets(labels, outputs)))
            return tf.reduce_mean(squares, axis=1) if classes == "mean" else tf.reduce_sum(squares, axis=1) / 2
        case NegativeLogLikelihood():
            return -tf.math.log(tf.maximum(tf.gather(outputs, labels, batch_dims=1), LEAST))
    raise TypeError(f"no TensorFlow loss for {type(loss).__name__}")


def cross_entropy(logits: Tensor, labels: Tensor, smoothing: float = 0.0) -> Tensor:
    if not smoothing:
        return tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
    targets = (1 - smoothing) * _targets(labels, logits) + smoothing / logits.shape[1]
    return tf.nn.softmax_cross_entropy_with_logits(targets, logits)


def focal(logits: Tensor, labels: Tensor, gamma: float) -> Tensor:
    """(1 - p)^gamma times the cross-entropy; 1 - p comes from the cross-entropy: exact when p is close to 1."""
    unlikely = cross_entropy(logits, labels)
    if gamma == 0:  # TensorFlow computes the gradient of x^0 as 0 * x^-1, which is NaN at x = 0
        return unlikely
    others = tf.maximum(-tf.math.expm1(-unlikely), np.finfo(logits.dtype.as_numpy_dtype).tiny)
    return others**gamma * unlikely


def _yes_or_no(labels: Tensor, outputs: Tensor) -> Tensor:
    """Targets 0 or 1. A single output (N, 1) stands for the second of two classes."""
    return tf.cast(labels[:, None], outputs.dtype) if outputs.shape[1] == 1 else _targets(labels, outputs)


def _targets(labels: Tensor, outputs: Tensor) -> Tensor:
    return tf.one_hot(labels, outputs.shape[1], dtype=outputs.dtype)
