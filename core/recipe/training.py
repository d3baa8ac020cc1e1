"""The training recipe: loss, optimiser, schedule, penalties, batches, and when it ends."""

from typing import Annotated, Literal

from pydantic import Field, PositiveFloat

from core.recipe.class_weights import ClassWeights, EqualWeights
from core.recipe.losses import CrossEntropy, Loss
from core.recipe.optimizers import SGD, Optimizer
from core.recipe.penalties import Penalties
from core.recipe.schedules import ConstantSchedule, Schedule
from core.spec import Spec


Count = Annotated[int, Field(ge=1, le=10**9)]


class TrainingRecipe(Spec):
    """How the weights are found: down the loss of each batch and the penalties."""

    loss: Loss = CrossEntropy()
    optimizer: Optimizer = SGD()
    schedule: Schedule = ConstantSchedule()
    """What becomes of the optimizer's rate."""
    warmup_steps: int = Field(default=0, ge=0, le=10**9)
    """Steps in which the rate rises to its full size, before the schedule begins."""
    penalties: Penalties = Penalties()
    batch_size: Count = 128
    epochs: Count = 5
    steps: Count | None = None
    """End after this many optimizer steps, even in the middle of an epoch; None: after the last epoch."""
    patience: Count | None = None
    """End when the validation loss has had no new low for so many epochs, and put the weights of its lowest back (also
    at any other end); None: never."""
    time_limit: PositiveFloat | None = None
    """End after so many seconds of training and evaluation, wherever it is; None: never."""
    order: Literal["shuffled", "fixed", "with replacement", "balanced"] = "shuffled"
    """Shuffled anew each epoch (from the seed), always in the rows' order, each row drawn from all (then an epoch sees
    some rows twice and others not at all), or balanced: every batch has every class equally often."""
    test_at_best: bool = False
    """Measure the test part, too, after each epoch whose validation accuracy is not below the best so far, as network3
    does; nothing is decided by it."""
    class_weights: ClassWeights = EqualWeights()
    """How much images of each class count in the loss."""
    drop_last: bool = False
    """Leave out the rows at the end of an epoch that do not fill a batch."""
    precision: Literal["float32", "float64"] = "float32"
