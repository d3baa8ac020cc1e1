"""When a recorded run should have stopped, according to its epochs."""

import numpy as np

from core.arrays import Array
from core.recordings.run import Recorded


def best_epoch(run: Recorded) -> int:
    """The epoch (from 1) after which the validation loss was the lowest."""
    return int(np.argmin([epoch.loss for epoch in run.epochs])) + 1


def training_losses(run: Recorded) -> Array:
    """(epochs,) the training loss at the end of each epoch, interpolated linearly between the recorded points."""
    return np.interp([epoch.step for epoch in run.epochs], run.steps, run.losses)
