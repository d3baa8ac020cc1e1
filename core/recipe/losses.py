"""Frozen descriptions of the losses, which training minimises; core/numerics/losses.py computes them."""

from typing import Annotated, Literal

from pydantic import Field

from core.spec import Spec


class _Loss(Spec):
    reduction: Literal["mean", "sum"] = "mean"
    """Over a batch. The sum and its gradient are the batch size times the mean's, as if the learning rate were
    larger."""


class CrossEntropy(_Loss):
    """-sum_k t_k log p_k with p = softmax(logits) and t_k = (1 - smoothing) [k = label] + smoothing / K (smoothing:
    Szegedy et al. 2016, section 7)."""

    kind: Literal["cross_entropy"] = "cross_entropy"
    label_smoothing: float = Field(default=0.0, ge=0, lt=1)


class Focal(_Loss):
    """-(1 - p)^gamma log p with p = softmax(logits)[label]: images that are already classified well count less (Lin et
    al. 2017, eq. 4). With gamma = 0 it is cross-entropy."""

    kind: Literal["focal"] = "focal"
    gamma: float = Field(default=2.0, ge=0, le=100)


class LogitAdjusted(_Loss):
    """Cross-entropy of logits + tau * log prior in training; evaluation leaves the prior out, which favours rare
    classes (Menon et al. 2021, eq. 10). A class's prior is its share of the training labels; a class without images
    counts as having one."""

    kind: Literal["logit_adjusted"] = "logit_adjusted"
    tau: float = Field(default=1.0, ge=0, le=100)


class BinaryCrossEntropy(_Loss):
    """A separate yes or no for each class: -log sigmoid(z) for the true one and -log(1 - sigmoid(z)) for each other
    one, averaged over the classes. For two classes, a single output may say yes or no to the second one."""

    kind: Literal["binary_cross_entropy"] = "binary_cross_entropy"


class SquaredError(_Loss):
    """(output - target)^2: target 1 for the true class, -1 ("signed", LeCun et al. 1989) or 0 ("one-hot") for the
    others. Over the classes either the mean, or half the sum (Rumelhart, Hinton and Williams 1986, eq. 3). The loss
    applies no function to the outputs: the network may end in tanh."""

    kind: Literal["squared_error"] = "squared_error"
    targets: Literal["signed", "one-hot"] = "signed"
    classes: Literal["mean", "half sum"] = "mean"


class NegativeLogLikelihood(_Loss):
    """-log p_label of a network that ends in a softmax layer, so that its outputs are the probabilities p.
    Cross-entropy applies softmax itself and is more precise; here a p below the smallest float32 is clipped, and has no
    gradient."""

    kind: Literal["negative_log_likelihood"] = "negative_log_likelihood"


AnyLoss = CrossEntropy | Focal | LogitAdjusted | BinaryCrossEntropy | SquaredError | NegativeLogLikelihood
Loss = Annotated[AnyLoss, Field(discriminator="kind")]


def fewest_outputs(loss: AnyLoss, classes: int) -> int:
    """How many outputs a network needs to distinguish this many classes: one per class, or a single yes or no."""
    return 1 if classes == 2 and isinstance(loss, BinaryCrossEntropy) else classes


def applied_within(loss: AnyLoss) -> str:
    """The function that the loss applies to the outputs, so that no network needs to end in it; "" for none."""
    match loss:
        case SquaredError() | NegativeLogLikelihood():
            return ""
        case BinaryCrossEntropy():
            return "sigmoid"
    return "softmax"
