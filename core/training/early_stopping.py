"""When training ends before its last epoch: no better for a while (early stopping), or out of time."""

from core.backend import Best, Model, State
from core.recipe.training import TrainingRecipe
from core.training.loop import EpochEnded, StepsMade


class Stopping:
    """Watches the reports of a run. What it must remember is in `best`, which snapshots carry, and in `epoch` (the last
    one measured) and `seconds` (spent so far), which the run's events tell: a resumed run ends where an unbroken one
    would."""

    def __init__(self, recipe: TrainingRecipe, best: Best | None = None, epoch: int = 0, seconds: float = 0.0):
        self.patience, self.time_limit = recipe.patience, recipe.time_limit
        self.best, self.epoch, self.seconds = best, epoch, seconds

    def see(self, report: StepsMade | EpochEnded, model: Model) -> None:
        """Keeps the weights of the epoch with the lowest validation loss: the first of equals."""
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
        """ "early stopping", "time limit" or "" to go on."""
        if self.best is not None and self.epoch - self.best.epoch >= (self.patience or 0) > 0:
            return "early stopping"
        if self.time_limit is not None and self.seconds >= self.time_limit:
            return "time limit"
        return ""

    def reason(self) -> str:
        """Why it ended early, in words; "" where it came to its end."""
        kept = f"; the weights of epoch {self.best.epoch} were put back" if self.best else ""
        if self.best is not None and self.ended_by == "early stopping":
            low = f"{self.best.loss:.4g} of epoch {self.best.epoch}"
            return f"early stopping: for {self.patience} epoch{'s' * (self.patience != 1)} the validation loss was not below the {low}{kept}"
        return f"the time limit of {self.time_limit:g} s was reached{kept}" if self.ended_by else ""

    def restore(self, model: Model, step: int) -> None:
        """The best weights and their running statistics, where early stopping kept some."""
        if (best := self.best) is not None:
            model.restore(State(best.weights, model.state().slots, step, statistics=best.statistics))
            best.restored = True
