"""The cost of a run: seconds per epoch, images per second, parameters and multiply-adds. Reads only the run folder."""

from dataclasses import dataclass

from core.network.costs import costs
from core.recipe.training import TrainingRecipe
from core.runs.folder import Run


@dataclass(frozen=True)
class Effort:
    """Times include the evaluations. They are None before the first step, and `images_per_second` also if the run does
    not record its number of training images."""

    epoch_seconds: float | None
    images_per_second: float | None
    device: str
    parameters: int
    multiply_adds: int
    """For the forward pass of one image."""


def effort(run: Run) -> Effort:
    log = run.reading
    seconds, rows = log.seconds, ((log.started or {}).get("rows") or {}).get("train")
    timed = seconds > 0 and log.step > 0
    layer_costs = costs(run.experiment.network)
    return Effort(
        epoch_seconds=seconds / log.step * log.steps_per_epoch if timed else None,
        images_per_second=seen(run.experiment.training, rows, log.step) / seconds if timed and rows else None,
        device=run.device,
        parameters=sum(cost.parameters for cost in layer_costs),
        multiply_adds=sum(cost.multiply_adds for cost in layer_costs),
    )


def seen(recipe: TrainingRecipe, rows: int, steps: int) -> int:
    """The number of images in this many steps; an image counts once in every epoch."""
    full_batches, rest = divmod(rows, recipe.batch_size)
    per_epoch = rows - rest if recipe.drop_last else rows
    epochs, extra_steps = divmod(steps, full_batches + bool(rest and not recipe.drop_last))
    return epochs * per_epoch + min(extra_steps * recipe.batch_size, per_epoch)
