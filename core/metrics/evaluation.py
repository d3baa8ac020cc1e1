"""The outputs of a network for labelled images, and everything that is computed from them."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from core.arrays import Array
from core.metrics.confusion import confusion
from core.numerics import losses
from core.recipe.losses import CrossEntropy, Loss


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Logits (N, K), or the outputs of a network trained with another loss, and labels (N,). Computes in float64."""

    logits: Array
    labels: Array
    loss: Loss = field(default_factory=CrossEntropy)
    """The loss of the training, which defines what the outputs mean."""

    @property
    def readable(self) -> bool:
        """Whether all logits are finite numbers."""
        return bool(np.isfinite(self.logits).all())

    @property
    def counts(self) -> Array:
        """(K,) the number of images of each class."""
        return np.bincount(self.labels, minlength=self.classes)

    @property
    def classes(self) -> int:
        return int(self.logits.shape[1])

    @cached_property
    def probabilities(self) -> Array:
        """(N, K), each row sums to 1; see core.numerics.losses.probabilities."""
        return losses.probabilities(self.loss, self.logits.astype(np.float64))

    @cached_property
    def losses(self) -> Array:
        """(N,) the reported loss of each image."""
        return losses.reported_losses(self.loss, self.logits.astype(np.float64), self.labels)

    @cached_property
    def predicted(self) -> Array:
        """(N,) the class with the largest logit; of equal ones, the first."""
        predicted: Array = np.argmax(self.logits, axis=1)
        return predicted

    @cached_property
    def right(self) -> Array:
        right: Array = self.predicted == self.labels
        return right

    @cached_property
    def confidence(self) -> Array:
        """(N,) the probability of the predicted class."""
        confidence: Array = self.probabilities[np.arange(len(self.labels)), self.predicted]
        return confidence

    @cached_property
    def matrix(self) -> Array:
        """(K, K) counts, rows the truth."""
        return confusion(self.labels, self.predicted, self.classes)

    def behind(self, true: int, predicted: int) -> Array:
        """The indices of the images behind one cell of the matrix, the most confident answer first."""
        indices = np.flatnonzero((self.labels == true) & (self.predicted == predicted))
        return indices[np.argsort(-self.confidence[indices], kind="stable")]

    def most_confused(self) -> tuple[int, int]:
        """(truth, prediction) of the most frequent mistake; (0, 0) if there are no mistakes."""
        wrong = self.matrix * (1 - np.eye(self.classes, dtype=int))
        true, predicted = np.unravel_index(np.argmax(wrong), wrong.shape)
        return int(true), int(predicted)
