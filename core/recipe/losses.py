"""What training goes down: frozen descriptions of the losses; core/numerics/losses.py computes them."""

from typing import Annotated, Literal

from pydantic import Field

from core.spec import Spec


class _Loss(Spec):
    reduction: Literal["mean", "sum"] = "mean"
    """Over a batch. The sum is the mean times the batch size: so is its gradient, as if the rate were larger."""


class CrossEntropy(_Loss):
    """-sum_k t_k log p_k with p = softmax(logits) and t_k = (1 - smoothing) [k = label] + smoothing / K (smoothing:
    Szegedy et al. 2016, section 7)."""

    kind: Literal["cross_entropy"] = "cross_entropy"
    label_smoothing: float = Field(default=0.0, ge=0, lt=1)


class Focal(_Loss):
    """-(1 - p)^gamma log p with p = softmax(logits)[label]: what is known already counts less (Lin et al. 2017, eq. 4).
    With gamma = 0 it is cross-entropy."""

    kind: Literal["focal"] = "focal"
    gamma: float = Field(default=2.0, ge=0, le=100)


class LogitAdjusted(_Loss):
    """Cross-entropy of logits + tau * log prior while training; without it afterwards, rare classes come off better
    (Menon et al. 2021, eq. 10). A class's prior is its share of the training labels; for this count, one that does not
    occur counts as one image."""

    kind: Literal["logit_adjusted"] = "logit_adjusted"
    tau: float = Field(default=1.0, ge=0, le=100)


class BinaryCrossEntropy(_Loss):
    """One yes or no for each class: -log sigmoid(z) for the right one and -log(1 - sigmoid(z)) for each other one,
    averaged over the classes. No class knows of the others. Of two classes, a single output may say yes or no to the
    second one."""

    kind: Literal["binary_cross_entropy"] = "binary_cross_entropy"


class SquaredError(_Loss):
    """(output - target)^2: target 1 for the right class, -1 ("signed", LeCun et al. 1989) or 0 ("one-hot") for the
    others. Over the classes either the mean, or half the sum (Rumelhart, Hinton and Williams 1986, eq. 3). The outputs
    are taken as they are: the network may end in tanh."""

    kind: Literal["squared_error"] = "squared_error"
    targets: Literal["signed", "one-hot"] = "signed"
    classes: Literal["mean", "half sum"] = "mean"


class NegativeLogLikelihood(_Loss):
    """-log p_label of a network that ends in a softmax layer: its outputs are the probabilities p. Cross-entropy makes
    them itself and loses no digits; here a p below the smallest float32 counts as that, and has no slope."""

    kind: Literal["negative_log_likelihood"] = "negative_log_likelihood"


Loss = Annotated[
    CrossEntropy | Focal | LogitAdjusted | BinaryCrossEntropy | SquaredError | NegativeLogLikelihood,
    Field(discriminator="kind"),
]


def fewest_outputs(loss, classes: int) -> int:
    """How many numbers a network must end in to tell so many classes apart: one for each, or a single yes or no."""
    return 1 if classes == 2 and isinstance(loss, BinaryCrossEntropy) else classes


def applied_within(loss) -> str:
    """The function of the outputs that the loss applies itself, so that no network needs to end in it; "" for none."""
    match loss:
        case SquaredError() | NegativeLogLikelihood():
            return ""
        case BinaryCrossEntropy():
            return "sigmoid"
    return "softmax"
