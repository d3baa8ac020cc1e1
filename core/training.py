"""The training loop, once for every backend: which rows each step sees, how many steps a call takes, what is reported."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import psutil

from core.backend import Array, Model
from core.data.prepared import Part, Prepared
from core.experiment import Experiment, ExperimentError, TrainingRecipe
from core.maths.dropout import masks
from core.maths.losses import cross_entropy
from core.maths.optimizers import slot_names
from core.network.counting import training_bytes
from core.network.endings import check_ending
from core.network.layers import Dropout
from core.network.network import Network
from core.network.shapes import trace
from core.random import generator
from core.schedules import rate


SECONDS_BETWEEN_REPORTS = 0.1
MASK_BYTES = 64 * 2**20
"""Dropout masks handed over in one call stay below this."""


class TrainingError(RuntimeError):
    """Training cannot go on; the sentence says since which step and what to try."""


@dataclass(frozen=True)
class StepsMade:
    """The losses of the steps up to and including number `step` (the first step is number 1)."""

    step: int
    losses: Array
    seconds: float


@dataclass(frozen=True)
class EpochEnded:
    epoch: int
    step: int
    validation: dict[str, float]
    seconds: float
    """Of the evaluation."""


def steps_per_epoch(recipe: TrainingRecipe, rows: int) -> int:
    """ceil(rows / batch size): the last batch of an epoch may be smaller, unless it is dropped. Raises ExperimentError
    where that leaves nothing."""
    if not recipe.drop_last:
        return -(-rows // recipe.batch_size)
    if rows < recipe.batch_size:
        raise ExperimentError(
            f"{rows} training pictures do not fill one batch of {recipe.batch_size}, and smaller batches are dropped; "
            "choose a smaller batch, or keep the last batch"
        )
    return rows // recipe.batch_size


def total_steps(recipe: TrainingRecipe, rows: int) -> int:
    return recipe.steps or recipe.epochs * steps_per_epoch(recipe, rows)


def rates(recipe: TrainingRecipe, rows: int, steps: Array | None = None) -> Array:
    """The rate of each of these steps (numbers from 1); without any, of every step of the training."""
    total = total_steps(recipe, rows)
    steps = np.arange(1, total + 1) if steps is None else steps
    return rate(recipe.schedule, recipe.optimizer.rate, steps, total, recipe.warm_up)


def epoch_order(recipe: TrainingRecipe, rows: int, seed: int, epoch: int) -> Array:
    """Rows (rows,) in the order that epoch number `epoch` (from 1) visits them."""
    if recipe.order == "fixed":
        return np.arange(rows)
    if recipe.order == "with replacement":
        return generator(seed, "order with replacement", epoch).integers(0, rows, rows)
    return generator(seed, "order", epoch).permutation(rows)


def check(experiment: Experiment, data: Prepared) -> None:
    """Raises ExperimentError or NetworkError when network and data do not meet, or this machine is too small."""
    network = experiment.network
    if network.input_shape != data.shape:
        raise ExperimentError(
            f"the network takes pictures of shape {network.input_shape}, but {experiment.data.name} has {data.shape}; "
            "choose the data set again on the Build page so that the network is fitted to it"
        )
    check_ending(network, len(data.class_names), experiment.data.name)
    if experiment.training.patience is not None and len(data.validation.y) == 0:
        raise ExperimentError(
            "early stopping watches the validation loss, but there are no validation pictures; keep some of the "
            "training pictures for validation, or train without patience"
        )
    steps_per_epoch(experiment.training, len(data.train.y))


def check_memory(experiment: Experiment, rows: int) -> None:
    """Raises ExperimentError when weights, slots and one batch alone would not fit into the memory that is free: the
    system would end the process without a word."""
    recipe = experiment.training
    number = 8 if recipe.precision == "float64" else 4
    batch = min(recipe.batch_size, rows)
    needed = training_bytes(experiment.network, batch, number, len(slot_names(recipe.optimizer)))
    free = psutil.virtual_memory().available
    if needed > free:
        raise ExperimentError(
            f"training takes about {needed / 2**30:,.1f} GiB for the network and a batch of {batch}, but only "
            f"{free / 2**30:,.1f} GiB are free; try fewer units or maps, or a smaller batch"
        )


def train(model: Model, data: Prepared, experiment: Experiment, made: int = 0) -> Iterator[StepsMade | EpochEnded]:
    """Train from step number `made` on, reporting about ten times a second and after each epoch; the caller may stop
    between reports. Raises TrainingError when a loss is no number any more."""
    per_epoch = steps_per_epoch(experiment.training, len(data.train.y))
    end = total_steps(experiment.training, len(data.train.y))
    if made and made % per_epoch == 0:
        yield _epoch_ended(model, data, made, per_epoch)  # it may have been broken off before this was said
    for report in steps(model, data, experiment, made):
        yield report
        if report.step % per_epoch == 0 or report.step == end:
            yield _epoch_ended(model, data, report.step, per_epoch)


def steps(model: Model, data: Prepared, experiment: Experiment, made: int = 0) -> Iterator[StepsMade]:
    """Only the steps. What each one sees depends on its number and the seed alone, so a run that was broken off and
    resumed makes the same steps. The loss of a step is taken before it. One report never spans two epochs."""
    recipe, rows = experiment.training, len(data.train.y)
    per_epoch, end = steps_per_epoch(recipe, rows), total_steps(recipe, rows)
    most, seconds_a_step = _most_steps_a_call(experiment.network, recipe), None
    epoch, order = 0, np.arange(0)
    model.load(data.train.x, data.train.y)
    while made < end:
        if made // per_epoch + 1 != epoch:
            epoch = made // per_epoch + 1
            order = epoch_order(recipe, rows, experiment.seed, epoch)[: per_epoch * recipe.batch_size]
        at = made % per_epoch
        count = _steps_a_call(seconds_a_step, most, min(per_epoch - at, end - made))
        batches = _batches(order, at, count, recipe.batch_size)
        begun = time.perf_counter()
        losses = model.steps(batches, *_rates_and_masks(experiment, rows, made, batches))
        seconds = time.perf_counter() - begun
        seconds_a_step = seconds / len(batches)
        finite = np.isfinite(losses)
        good = len(losses) if finite.all() else int(np.argmin(finite))
        if good:
            yield StepsMade(made + good, losses[:good], seconds)
        if good < len(losses):
            raise TrainingError(
                f"the loss is {losses[good]} at step {made + good + 1}: the weights have grown beyond all bounds. "
                f"Try a smaller rate than {recipe.optimizer.rate:g}"
                + (", or inputs scaled to [0, 1]" if experiment.data.scaling.kind == "raw" else "")
            )
        made += len(batches)


def evaluate(model: Model, part: Part) -> dict[str, float]:
    """{"loss": mean cross-entropy, "accuracy": share of pictures whose largest logit is the right one}; nothing for an
    empty part. Raises TrainingError when the outputs are no numbers any more."""
    if len(part.y) == 0:
        return {}
    return measured(model.predict(part.x), part.y)


def measured(logits: Array, labels: Array) -> dict[str, float]:
    """Loss and accuracy of logits (N, classes), as `evaluate` gives them. Raises TrainingError as it does."""
    if not np.isfinite(logits).all():
        raise TrainingError(
            "the network's outputs are no numbers any more: the last steps have blown up the weights. "
            "Try a smaller rate"
        )
    loss, _ = cross_entropy(logits.astype(np.float64), labels)
    return {"loss": float(loss), "accuracy": float(np.mean(np.argmax(logits, axis=1) == labels))}


def _epoch_ended(model: Model, data: Prepared, made: int, per_epoch: int) -> EpochEnded:
    begun = time.perf_counter()
    validation = evaluate(model, data.validation)
    return EpochEnded(-(-made // per_epoch), made, validation, time.perf_counter() - begun)


def _batches(order: Array, at: int, count: int, size: int) -> Array:
    """(S, B) rows of `count` batches from batch number `at` of the epoch; a smaller last batch comes alone."""
    rows = order[at * size : (at + count) * size]
    whole = len(rows) // size
    return rows[: whole * size].reshape(whole, size) if whole else rows[None, :]


def _steps_a_call(seconds_a_step: float | None, most: int, left: int) -> int:
    """One at first, so that the first point comes at once; then as many as fit between two reports."""
    if seconds_a_step is None:
        return 1
    return max(1, min(int(SECONDS_BETWEEN_REPORTS / max(seconds_a_step, 1e-6)), most, left))


def _rates_and_masks(experiment: Experiment, rows: int, made: int, batches: Array):
    """Rates (S,) and dropout masks {name: (S, B, *shape)} of the steps after number `made`."""
    numbers = np.arange(made + 1, made + 1 + len(batches))
    each = [
        masks(experiment.network, experiment.seed, made + step + 1, batches.shape[1]) for step in range(len(batches))
    ]
    return rates(experiment.training, rows, numbers), {
        name: np.stack([of_step[name] for of_step in each]) for name in each[0]
    }


def _most_steps_a_call(network: Network, recipe: TrainingRecipe) -> int:
    dropped = sum(int(np.prod(step.output)) for step in trace(network) if isinstance(step.layer, Dropout))
    return max(1, MASK_BYTES // (dropped * recipe.batch_size)) if dropped else 10_000
