"""The learning rate finder: one short training in which the learning rate rises from far too small to far too large
(Smith 2017)."""

from dataclasses import dataclass
from math import ceil

import numpy as np

from core.arrays import Array
from core.data.part_sizes import Sizes
from core.data.recipe import DataRecipe
from core.experiment.experiment import Experiment, changed
from core.network.shapes import trace
from core.training.loop import rates


LOWEST, TIMES, STEPS = 1e-6, 1e7, 100
DECAY = 0.9
"""The share of the running mean that each step keeps."""
LEAST_FALL = 0.01
"""If the loss never falls by at least this share of its first value, no learning rate has worked."""


def finder(experiment: Experiment, sizes: Sizes) -> Experiment:
    """The same network, loss, optimizer and batches, with a learning rate that rises by the same factor in each of 100
    steps. Nothing is evaluated.

    Only as many training images are loaded as the steps need. If the recipe picks images by class, leaves some out or
    copies some, all are loaded, because a smaller number would select different images.
    """
    recipe, used = experiment.training, sizes.drawn
    rows = sizes.train
    if _takes_first_images(experiment.data):
        classes = trace(experiment.network)[-1].output[0]
        used = rows = min(sizes.train, max(STEPS * recipe.batch_size, classes))
    per_epoch = rows // recipe.batch_size if recipe.drop_last else ceil(rows / recipe.batch_size)
    fields = {
        "data.train": used,
        "data.validation": 0,
        "data.test": 0,
        "training.optimizer.learning_rate": LOWEST,
        "training.schedule": {"kind": "rising", "times": TIMES},
        "training.warmup_steps": 0,
        "training.steps": STEPS,
        "training.epochs": ceil(STEPS / max(per_epoch, 1)),
        "training.patience": None,
        "training.time_limit": None,
        "training.test_at_best": False,
    }
    return changed(experiment, **fields)


def _takes_first_images(data: DataRecipe) -> bool:
    """Whether the training set is simply the first images of the data set."""
    changes = (data.imbalance.kind, data.balance.kind, data.expansion)
    return data.per_class is None and changes == ("none", "none", "none")


@dataclass(frozen=True)
class Suggestion:
    """What the finder measured, up to the first loss that is not a finite number."""

    rates: Array
    losses: Array
    smooth: Array
    lowest: float | None
    """The learning rate with the lowest smoothed loss; None if the loss never fell."""
    suggested: float | None
    """A tenth of `lowest`, rounded to one significant digit."""


def suggest(experiment: Experiment, losses: Array) -> Suggestion:
    """What a finder run shows so far; losses (S,) are those of its first steps."""
    bad = np.flatnonzero(~np.isfinite(losses))
    losses = losses[: bad[0]] if len(bad) else losses
    tried = rates(experiment.training, experiment.data.train or 1, np.arange(1, len(losses) + 1))
    smooth = smoothed(losses)
    if not len(losses) or smooth.min() > smooth[0] * (1 - LEAST_FALL):
        return Suggestion(tried, losses, smooth, None, None)
    lowest = float(tried[np.argmin(smooth)])
    return Suggestion(tried, losses, smooth, lowest, float(f"{lowest / 10:.0e}"))


def smoothed(losses: Array) -> Array:
    """The running mean m <- 0.9 m + 0.1 loss, divided by 1 - 0.9^t to correct for its start at zero."""
    mean = 0.0
    means: list[float] = []
    for count, loss in enumerate(losses, start=1):
        mean = DECAY * mean + (1 - DECAY) * loss
        means.append(mean / (1 - DECAY**count))
    return np.array(means)
