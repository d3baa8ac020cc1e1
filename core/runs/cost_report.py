"""What a run takes: seconds an epoch, images a second, parameters and multiply-adds. Nothing but its folder is read."""

from dataclasses import dataclass

from core.network.costs import costs
from core.recipe.training import TrainingRecipe
from core.runs.folder import Run


@dataclass(frozen=True)
class Effort:
    """Times count evaluations, too; None before the first step, and where an older release did not record the rows."""

    epoch_seconds: float | None
    images_per_second: float | None
    device: str
    parameters: int
    multiply_adds: int
    """Of one image on its way forward."""


def effort(run: Run) -> Effort:
    read = run.reading
    seconds, rows = read.seconds, ((read.started or {}).get("rows") or {}).get("train")
    timed = seconds > 0 and read.step > 0
    layer_costs = costs(run.experiment.network)
    return Effort(
        epoch_seconds=seconds / read.step * read.steps_per_epoch if timed else None,
        images_per_second=seen(run.experiment.training, rows, read.step) / seconds if timed and rows else None,
        device=run.device,
        parameters=sum(cost.parameters for cost in layer_costs),
        multiply_adds=sum(cost.multiply_adds for cost in layer_costs),
    )


def seen(recipe: TrainingRecipe, rows: int, steps: int) -> int:
    """Images in so many steps; one that comes again in the next epoch counts again."""
    batches, rest = divmod(rows, recipe.batch_size)
    per_epoch = rows - rest if recipe.drop_last else rows
    epochs, begun = divmod(steps, batches + bool(rest and not recipe.drop_last))
    return epochs * per_epoch + min(begun * recipe.batch_size, per_epoch)
