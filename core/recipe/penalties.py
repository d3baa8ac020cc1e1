"""Weight penalties as data, for each group of layers."""

from pydantic import Field

from core.spec import Spec


class Penalty(Spec):
    """Added to the loss: l2 / 2 * the sum of w^2, and l1 * the sum of |w|."""

    l2: float = Field(default=0.0, ge=0)
    l1: float = Field(default=0.0, ge=0)


class Penalties(Spec):
    """The penalty of each group of layers. Biases are never penalised."""

    conv: Penalty = Penalty()
    dense: Penalty = Penalty()
    output: Penalty = Penalty()
    """The last layer with weights, whatever its kind."""
    over_batches: bool = False
    """Divide them by the number of whole batches in the training set, as Nielsen's network3 (2015) does."""
