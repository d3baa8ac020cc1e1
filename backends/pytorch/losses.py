"""core's losses in PyTorch: one number per image."""

import torch
from torch import Tensor
from torch.nn.functional import (
    binary_cross_entropy_with_logits as sigmoid_cross_entropy,
    cross_entropy,
    one_hot,
)

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


def per_sample_loss(loss: Loss, outputs: Tensor, labels: Tensor, offsets: Tensor) -> Tensor:
    """The loss of every image (N,): outputs (N, K), labels (N,), offsets (K,)."""
    match loss:
        case CrossEntropy(label_smoothing=smoothing):
            return cross_entropy(outputs, labels, reduction="none", label_smoothing=smoothing)
        case Focal(gamma=gamma):
            return focal(outputs, labels, gamma)
        case LogitAdjusted():
            return cross_entropy(outputs + offsets, labels, reduction="none")
        case BinaryCrossEntropy():
            return sigmoid_cross_entropy(outputs, _yes_or_no(labels, outputs), reduction="none").mean(dim=1)
        case SquaredError(targets=kind, classes=classes):
            low = LOWEST[kind]
            squares = (outputs - (low + (1 - low) * _targets(labels, outputs))).square()
            return squares.mean(dim=1) if classes == "mean" else squares.sum(dim=1) / 2
        case NegativeLogLikelihood():
            return -outputs.gather(1, labels[:, None])[:, 0].clamp(min=LEAST).log()
    raise TypeError(f"no PyTorch loss for {type(loss).__name__}")


def focal(logits: Tensor, labels: Tensor, gamma: float) -> Tensor:
    """(1 - p)^gamma times the cross-entropy; 1 - p comes from the cross-entropy: exact when p is close to 1."""
    unlikely = cross_entropy(logits, labels, reduction="none")
    others = (-torch.expm1(-unlikely)).clamp(min=torch.finfo(logits.dtype).tiny)
    return others**gamma * unlikely


def _yes_or_no(labels: Tensor, outputs: Tensor) -> Tensor:
    """Targets 0 or 1. A single output (N, 1) stands for the second of two classes."""
    return labels[:, None].to(outputs.dtype) if outputs.shape[1] == 1 else _targets(labels, outputs)


def _targets(labels: Tensor, outputs: Tensor) -> Tensor:
    return one_hot(labels, outputs.shape[1]).to(outputs.dtype)
