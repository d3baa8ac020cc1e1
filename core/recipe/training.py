"""The training recipe: loss, optimiser, schedule, penalties, batches, and when to stop."""

from typing import Annotated, Literal

from pydantic import Field, PositiveFloat

from core.recipe.class_weights import ClassWeights, EqualWeights
from core.recipe.losses import CrossEntropy, Loss
from core.recipe.optimizers import SGD, Optimizer
from core.recipe.penalties import Penalties
from core.recipe.remember import Remember
from core.recipe.schedules import ConstantSchedule, Schedule
from core.spec import Spec


Count = Annotated[int, Field(ge=1, le=10**9)]


class TrainingRecipe(Spec):
    """How the weights are trained: what is minimised, by which rule, in which batches, and for how long."""

    loss: Loss = CrossEntropy()
    optimizer: Optimizer = SGD()
    schedule: Schedule = ConstantSchedule()
    """How the optimizer's learning rate changes."""
    warmup_steps: int = Field(default=0, ge=0, le=10**9)
    """Steps in which the learning rate rises to its full value, before the schedule starts."""
    penalties: Penalties = Penalties()
    batch_size: Count = 128
    epochs: Count = 5
    steps: Count | None = None
    """Stop after this many optimizer steps, even in the middle of an epoch; None: after the last epoch."""
    patience: Count | None = None
    """Early stopping: stop when the validation loss has had no new low for this many epochs. The weights with the
    lowest one are restored, however training ends. None: no early stopping."""
    time_limit: PositiveFloat | None = None
    """Stop after this many seconds of training and evaluation; None: no limit."""
    order: Literal["shuffled", "fixed", "with replacement", "balanced"] = "shuffled"
    """shuffled: a new order in each epoch (from the seed); fixed: always the same order; with replacement: each row is
    drawn from all, so an epoch uses some rows twice and others never; balanced: all classes equally often in every
    batch."""
    test_at_best: bool = False
    """Also measure the test accuracy after each epoch whose validation accuracy is at least the best so far, as
    network3 does; it decides nothing."""
    class_weights: ClassWeights = EqualWeights()
    """How much an image of each class counts in the loss."""
    drop_last: bool = False
    """Leave out the rows at the end of an epoch that do not fill a batch."""
    precision: Literal["float32", "float64"] = "float32"
    remember: Remember = Remember()
    """Which states of the weights to keep for looking at them later; experiments that differ only here are equal."""
