"""Ending a training before its last epoch: no improvement for a while (early stopping), or out of time."""

from core.backend import Best, Model, State
from core.recipe.training import TrainingRecipe
from core.training.loop import EpochEnded, StepsMade


class Stopping:
    """Follows the reports of a run and decides when it ends.

    Its memory is `best`, which the snapshots contain, and `epoch` (the last one evaluated) and `seconds` (spent so
    far), which the run's events contain. So a resumed run ends exactly where an uninterrupted one would.
    """

    def __init__(self, recipe: TrainingRecipe, best: Best | None = None, epoch: int = 0, seconds: float = 0.0) -> None:
        self.patience, self.time_limit = recipe.patience, recipe.time_limit
        self.best, self.epoch, self.seconds = best, epoch, seconds

    def see(self, report: StepsMade | EpochEnded, model: Model) -> None:
        """Keep the weights of the epoch with the lowest validation loss; of equal ones, the first."""
        self.seconds += report.seconds
        if self.patience is None or not isinstance(report, EpochEnded) or "loss" not in report.validation:
            return
        self.epoch, loss = report.epoch, report.validation["loss"]
        if self.best is None or loss < self.best.loss:
            state = model.state()
            self.best = Best(state.weights, report.epoch, report.step, loss, statistics=state.statistics)

    @property
    def is_over(self) -> bool:
        return bool(self.ended_by) or (self.best is not None and self.best.restored)

    @property
    def ended_by(self) -> str:
        """ "early stopping", "time limit", or "" while training goes on."""
        if self.best is not None and self.epoch - self.best.epoch >= (self.patience or 0) > 0:
            return "early stopping"
        if self.time_limit is not None and self.seconds >= self.time_limit:
            return "time limit"
        return ""

    def reason(self) -> str:
        """Why training ended early, as a sentence for the user; "" if it did not."""
        restored = f"; the weights of epoch {self.best.epoch} were restored" if self.best else ""
        if self.best is not None and self.ended_by == "early stopping":
            epochs = f"{self.patience} epoch{'s' * (self.patience != 1)}"
            lowest = f"{self.best.loss:.4g} of epoch {self.best.epoch}"
            return f"early stopping: for {epochs}, the validation loss did not fall below the {lowest}{restored}"
        return f"the time limit of {self.time_limit:g} s was reached{restored}" if self.ended_by else ""

    def restore(self, model: Model, step: int) -> None:
        """Give the model the best weights and their running statistics again, if early stopping has kept any."""
        if (best := self.best) is not None:
            model.restore(State(best.weights, model.state().slots, step, statistics=best.statistics))
            best.restored = True
