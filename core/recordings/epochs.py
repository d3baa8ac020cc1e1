"""What the epochs of a recorded run say about when it should have stopped."""

import numpy as np

from core.arrays import Array
from core.recordings.run import Recorded


def best_epoch(run: Recorded) -> int:
    """The epoch (from 1) after which the validation loss was the lowest."""
    return int(np.argmin([epoch.loss for epoch in run.epochs])) + 1


def training_losses(run: Recorded) -> Array:
    """(epochs,) the training loss on record at the end of each epoch, in a straight line between two recorded points."""
    return np.interp([epoch.step for epoch in run.epochs], run.steps, run.losses)
