"""The rate finder: one short real run in which the rate rises from far too small to far too large (Smith 2017)."""

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
KEPT = 0.9
"""Of the running mean in each step."""
LEAST_FALL = 0.01
"""A loss that never falls by this share of what it was has not learnt at any rate."""


def finder(experiment: Experiment, sizes: Sizes) -> Experiment:
    """The same network, loss, optimizer and batches, with a rate that rises by the same factor in each of 100 steps.
    Nothing is measured, and of the training images only those that the steps need are used; all of them where the
    recipe counts by class, leaves out or copies, because fewer would be others."""
    recipe, used = experiment.training, sizes.drawn
    rows = sizes.train
    if _in_order(experiment.data):
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


def _in_order(data: DataRecipe) -> bool:
    """Whether the training images are simply the first so many."""
    changes = (data.imbalance.kind, data.balance.kind, data.expansion)
    return data.per_class is None and changes == ("none", "none", "none")


@dataclass(frozen=True)
class Suggestion:
    """Of the steps whose loss was a number."""

    rates: Array
    losses: Array
    smooth: Array
    lowest: float | None
    """The rate at which the smoothed loss was the lowest; None where it never fell."""
    suggested: float | None
    """A tenth of that, to one digit."""


def suggest(experiment: Experiment, losses: Array) -> Suggestion:
    """What the run of such an experiment shows so far: losses (S,) of its first steps."""
    bad = np.flatnonzero(~np.isfinite(losses))
    losses = losses[: bad[0]] if len(bad) else losses
    tried = rates(experiment.training, experiment.data.train or 1, np.arange(1, len(losses) + 1))
    smooth = smoothed(losses)
    if not len(losses) or smooth.min() > smooth[0] * (1 - LEAST_FALL):
        return Suggestion(tried, losses, smooth, None, None)
    lowest = float(tried[np.argmin(smooth)])
    return Suggestion(tried, losses, smooth, lowest, float(f"{lowest / 10:.0e}"))


def smoothed(losses: Array) -> Array:
    """The running mean m <- 0.9 m + 0.1 loss, over 1 - 0.9^t: as if it had not started at zero."""
    mean, means = 0.0, []
    for count, loss in enumerate(losses, start=1):
        mean = KEPT * mean + (1 - KEPT) * loss
        means.append(mean / (1 - KEPT**count))
    return np.array(means)
