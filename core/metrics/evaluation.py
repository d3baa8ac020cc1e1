"""What a network said of labelled images, ready to be measured."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from core.arrays import Array
from core.metrics.confusion import confusion
from core.numerics import losses
from core.recipe.losses import CrossEntropy, Loss


@dataclass(frozen=True, eq=False)
class Evaluation:
    """Logits (N, K), or outputs trained with another loss, against labels (N,). Computed in float64."""

    logits: Array
    labels: Array
    loss: Loss = field(default_factory=CrossEntropy)
    """Says what the outputs mean."""

    @property
    def readable(self) -> bool:
        """No logit is infinite or no number at all."""
        return bool(np.isfinite(self.logits).all())

    @property
    def counts(self) -> Array:
        """(K,) how many images of each class there are."""
        return np.bincount(self.labels, minlength=self.classes)

    @property
    def classes(self) -> int:
        return self.logits.shape[1]

    @cached_property
    def probabilities(self) -> Array:
        """(N, K), each row sums to 1; core.numerics.losses.probabilities says how they are made."""
        return losses.probabilities(self.loss, self.logits.astype(np.float64))

    @cached_property
    def losses(self) -> Array:
        """(N,) of each image, as they are told of a part."""
        return losses.reported_losses(self.loss, self.logits.astype(np.float64), self.labels)

    @cached_property
    def predicted(self) -> Array:
        """(N,) the class with the largest logit, the first of equals."""
        return np.argmax(self.logits, axis=1)

    @cached_property
    def right(self) -> Array:
        return self.predicted == self.labels

    @cached_property
    def confidence(self) -> Array:
        """(N,) the probability of the predicted class."""
        return self.probabilities[np.arange(len(self.labels)), self.predicted]

    @cached_property
    def matrix(self) -> Array:
        """(K, K) counts, rows the truth."""
        return confusion(self.labels, self.predicted, self.classes)

    def behind(self, true: int, predicted: int) -> Array:
        """Places of the images behind one cell of the matrix, the surest answer first."""
        positions = np.flatnonzero((self.labels == true) & (self.predicted == predicted))
        return positions[np.argsort(-self.confidence[positions], kind="stable")]

    def most_confused(self) -> tuple[int, int]:
        """(truth, prediction) of the fullest cell beside the diagonal; (0, 0) when nothing is confused."""
        wrong = self.matrix * (1 - np.eye(self.classes, dtype=int))
        true, predicted = np.unravel_index(np.argmax(wrong), wrong.shape)
        return int(true), int(predicted)
