"""The training loop, the same for every backend: which images each step sees, how many steps one call makes, what is
reported."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import psutil

from core.arrays import Array
from core.backend import Masks, Model, State
from core.data.prepared import Part, Prepared
from core.experiment.experiment import Experiment, ExperimentError
from core.network.costs import training_bytes
from core.network.layers import Dropout
from core.network.network import Network
from core.network.output_layer import check_ending
from core.network.shapes import trace
from core.numerics import losses as loss_maths
from core.numerics.dropout import masks
from core.numerics.optimizers import slot_names
from core.random import generator
from core.recipe.class_weights import mismatch, of_images
from core.recipe.losses import Loss
from core.recipe.remember import next_milestone
from core.recipe.schedules import ReduceOnPlateau, rate
from core.recipe.training import TrainingRecipe
from core.training import divergence, reduce_on_plateau
from core.training.balanced_batches import balanced_order


SECONDS_BETWEEN_REPORTS = 0.1
SECONDS_BETWEEN_STATES = 2.0
STATE_COPY_SHARE = 0.01
"""Copying states takes at most about this share of the training time."""
IMAGES_TO_DIAGNOSE = 64
NO_OVERFLOW_FOUND = "no single layer stands out"
MASK_BYTES = 64 * 2**20
"""Upper limit for the dropout masks passed to the model in one call."""


class TrainingError(RuntimeError):
    """Training cannot go on; the message says at which step it failed and what to try."""


@dataclass(frozen=True)
class StepsMade:
    """The losses of the latest steps, up to and including step number `step` (the first step is number 1)."""

    step: int
    losses: Array
    seconds: float
    learning_rate: float | None = None
    """The learning rate of the last of these steps."""


@dataclass(frozen=True)
class EpochEnded:
    epoch: int
    step: int
    validation: dict[str, float]
    seconds: float
    """Time spent on the evaluation."""
    test: dict[str, float] = field(default_factory=dict)
    """The scores on the test set, if the recipe asks for them and this epoch has the best validation score so far."""


def steps_per_epoch(recipe: TrainingRecipe, rows: int) -> int:
    """ceil(rows / batch size): the last batch of an epoch may be smaller, unless the recipe drops it. Raises
    ExperimentError if that leaves no batch at all."""
    if not recipe.drop_last:
        return -(-rows // recipe.batch_size)
    if rows < recipe.batch_size:
        raise ExperimentError(
            f"{rows} training images do not fill one batch of {recipe.batch_size}, and smaller batches are dropped; "
            "choose a smaller batch, or keep the last batch",
            "batch_size",
        )
    return rows // recipe.batch_size


def total_steps(recipe: TrainingRecipe, rows: int) -> int:
    return recipe.steps or recipe.epochs * steps_per_epoch(recipe, rows)


def rates(
    recipe: TrainingRecipe, rows: int, steps: Array | None = None, validation_losses: Sequence[float] = ()
) -> Array:
    """The learning rate of each of these steps (numbered from 1), or of every step of the training.

    `validation_losses` are those after the epochs so far; a plateau schedule depends on them.
    """
    total = total_steps(recipe, rows)
    steps = np.arange(1, total + 1) if steps is None else steps
    scheduled = rate(recipe.schedule, recipe.optimizer.learning_rate, steps, total, recipe.warmup_steps)
    if not isinstance(recipe.schedule, ReduceOnPlateau):
        return scheduled
    epochs_before = np.minimum((steps - 1) // steps_per_epoch(recipe, rows), len(validation_losses))
    return scheduled * reduce_on_plateau.shares(recipe.schedule, validation_losses)[epochs_before]


def epoch_order(recipe: TrainingRecipe, rows: int, seed: int, epoch: int, labels: Array | None = None) -> Array:
    """The rows (rows,) of the training set in the order in which epoch number `epoch` (from 1) visits them. Balanced
    batches need the labels (rows,)."""
    if recipe.order == "balanced":
        if labels is None:
            raise ExperimentError("balanced batches need the labels of the training images")
        return balanced_order(labels, seed, epoch)
    if recipe.order == "fixed":
        return np.arange(rows)
    if recipe.order == "with replacement":
        return generator(seed, "order with replacement", epoch).integers(0, rows, rows)
    return generator(seed, "order", epoch).permutation(rows)


def check(experiment: Experiment, data: Prepared) -> None:
    """Raises ExperimentError or NetworkError if the network or the recipe does not fit the data."""
    network = experiment.network
    if network.input_shape != data.shape:
        raise ExperimentError(
            f"the network takes images of shape {network.input_shape}, but those of {experiment.data.name} have shape "
            f"{data.shape}; choose the data set again on the Build page to fit the network to it"
        )
    check_ending(network, len(data.class_names), experiment.data.name, experiment.training.loss)
    if message := mismatch(experiment.training.class_weights, len(data.class_names), experiment.data.name):
        raise ExperimentError(message)
    check_sizes(experiment.training, len(data.train.y), len(data.validation.y))


def check_sizes(recipe: TrainingRecipe, train: int, validation: int) -> None:
    """Raises ExperimentError if `train` training images and `validation` validation images are too few for the
    recipe."""
    for name, feature, needs_validation, instead in (
        ("patience", "early stopping", recipe.patience is not None, "train without patience"),
        ("schedule", "the plateau schedule", isinstance(recipe.schedule, ReduceOnPlateau), "choose another schedule"),
    ):
        if needs_validation and not validation:
            raise ExperimentError(
                f"{feature} watches the validation loss, but there are no validation images; keep some of the training "
                f"images for validation, or {instead}",
                name,
            )
    steps_per_epoch(recipe, train)


def check_memory(experiment: Experiment, rows: int) -> None:
    """Raises ExperimentError if the weights, the optimizer slots and one batch need more memory than is free: the
    operating system would kill the process without a message."""
    recipe = experiment.training
    bytes_per_number = 8 if recipe.precision == "float64" else 4
    batch = min(recipe.batch_size, rows)
    needed = training_bytes(experiment.network, batch, bytes_per_number, len(slot_names(recipe.optimizer)))
    free = psutil.virtual_memory().available
    if needed > free:
        raise ExperimentError(
            f"training takes about {needed / 1e9:,.1f} GB for the network and a batch of {batch}, but only "
            f"{free / 1e9:,.1f} GB are free; try fewer units or filters, or a smaller batch"
        )


def train(
    model: Model,
    data: Prepared,
    experiment: Experiment,
    steps_done: int = 0,
    validation_losses: list[float] | None = None,
) -> Iterator[StepsMade | EpochEnded]:
    """Train from the step after number `steps_done` to the last. Reports about ten times per second and after each
    epoch; the caller may stop between two reports.

    `validation_losses` are those after the epochs so far; each epoch appends its own. Raises TrainingError if a loss
    is not a finite number.
    """
    validation_losses = [] if validation_losses is None else validation_losses

    def evaluate_epoch(step: int) -> EpochEnded:
        report = _epoch_ended(model, data, experiment.training.loss, step, per_epoch)
        if report.validation:
            validation_losses[report.epoch - 1 :] = [report.validation["loss"]]
        return report

    per_epoch = steps_per_epoch(experiment.training, len(data.train.y))
    last = total_steps(experiment.training, len(data.train.y))
    if steps_done and steps_done % per_epoch == 0:
        yield evaluate_epoch(steps_done)  # the run may have been interrupted before this report
    for report in steps(model, data, experiment, steps_done, validation_losses):
        yield report
        if report.step % per_epoch == 0 or report.step == last:
            yield evaluate_epoch(report.step)


def steps(
    model: Model,
    data: Prepared,
    experiment: Experiment,
    steps_done: int = 0,
    validation_losses: Sequence[float] = (),
) -> Iterator[StepsMade]:
    """Train like `train`, but evaluate nothing.

    What a step sees depends only on its number and the seed (its learning rate also on `validation_losses`), so a run
    that is interrupted and resumed makes the same steps. The loss of a step is computed before the weights change. No
    report covers parts of two epochs.
    """
    recipe, rows = experiment.training, len(data.train.y)
    per_epoch, last = steps_per_epoch(recipe, rows), total_steps(recipe, rows)
    most_per_call, seconds_per_step = _most_steps_per_call(experiment.network, recipe), None
    plan = _BatchPlan(model, data, experiment)
    recent_states = _RecentStates(model)
    while steps_done < last:
        recent_states.keep_if_due(model)
        steps_left = min(per_epoch - steps_done % per_epoch, last - steps_done)
        if recipe.remember.states:
            steps_left = min(steps_left, next_milestone(steps_done) - steps_done)
        count = _steps_per_call(seconds_per_step, most_per_call, steps_left)
        call_started = time.perf_counter()
        batches = plan.batches(steps_done, count)
        learning_rates, dropout_masks = _rates_and_masks(experiment, rows, steps_done, batches, validation_losses)
        steps_started = time.perf_counter()
        losses = model.steps(batches, learning_rates, dropout_masks)
        ended = time.perf_counter()
        seconds, seconds_per_step = ended - call_started, (ended - steps_started) / len(batches)
        finite = np.isfinite(losses)
        good = len(losses) if finite.all() else int(np.argmin(finite))
        if good:
            yield StepsMade(steps_done + good, losses[:good], seconds, float(learning_rates[good - 1]))
        if good < len(losses):
            bad_step = steps_done + good + 1
            state = recent_states.two_steps_before(bad_step)
            raise TrainingError(
                f"the loss is {losses[good]} at step {bad_step}: "
                f"{_find_divergence(plan, experiment, state, bad_step, validation_losses)}. "
                f"Try a learning rate below {learning_rates[good]:g}"
                + (", or inputs scaled to [0, 1]" if experiment.data.scaling.kind == "raw" else "")
            )
        steps_done += len(batches)


def evaluate(model: Model, part: Part, loss: Loss) -> dict[str, float]:
    """{"loss": mean of core.numerics.losses.reported_losses, "accuracy": share of images whose largest output is that
    of their label}; {} for an empty part. Raises TrainingError if an output is not a finite number."""
    if len(part.y) == 0:
        return {}
    return measured(outputs(model, part), part.y, loss)


def outputs(model: Model, part: Part) -> Array:
    """The network's outputs (N, classes) for a part. Raises TrainingError if one of them is not a finite number."""
    result = loss_maths.of_each_class(model.predict(part.x))
    finite = np.isfinite(result).all(axis=1)
    if not finite.all():
        bad = part.x[np.flatnonzero(~finite)[:IMAGES_TO_DIAGNOSE]]
        raise TrainingError(
            "the network's outputs are no longer finite numbers; the last steps have made the weights too large: "
            f"{divergence.first(divergence.forward(model, bad)) or NO_OVERFLOW_FOUND}. Try a smaller learning rate"
        )
    return result


def measured(outputs: Array, labels: Array, loss: Loss) -> dict[str, float]:
    """Loss and accuracy of outputs (N, classes), as `evaluate` returns them."""
    reported = loss_maths.reported_losses(loss, outputs.astype(np.float64), labels)
    return {"loss": float(np.mean(reported)), "accuracy": float(np.mean(np.argmax(outputs, axis=1) == labels))}


def _epoch_ended(model: Model, data: Prepared, loss: Loss, step: int, per_epoch: int) -> EpochEnded:
    started = time.perf_counter()
    validation = evaluate(model, data.validation, loss)
    return EpochEnded(-(-step // per_epoch), step, validation, time.perf_counter() - started)


class _BatchPlan:
    """Which images each step sees: their order, one epoch at a time, and the images themselves, which augmentation
    changes anew for each epoch."""

    def __init__(self, model: Model, data: Prepared, experiment: Experiment) -> None:
        self.model, self.data, self.recipe, self.seed = model, data, experiment.training, experiment.seed
        self.rows = len(data.train.y)
        self.per_epoch = steps_per_epoch(self.recipe, self.rows)
        self.epoch, self.order, self.images = 0, np.arange(0), data.train.x

    def batches(self, steps_done: int, count: int) -> Array:
        """(S, B) rows for the next `count` steps after number `steps_done`, all in one epoch. A smaller last batch of
        the epoch comes in a call of its own."""
        epoch = steps_done // self.per_epoch + 1
        if epoch != self.epoch:
            self._begin(epoch)
        first, size = steps_done % self.per_epoch, self.recipe.batch_size
        rows = self.order[first * size : (first + count) * size]
        full = len(rows) // size
        return rows[: full * size].reshape(full, size) if full else rows[None, :]

    def _begin(self, epoch: int) -> None:
        if not self.epoch or self.data.changes:
            self.images = self.data.seen(epoch)
            labels = self.data.train.y
            weight = of_images(self.recipe.class_weights, labels, len(self.data.class_names))
            self.model.load(self.images, labels, weight)
        order = epoch_order(self.recipe, self.rows, self.seed, epoch, self.data.train.y)
        self.epoch, self.order = epoch, order[: self.per_epoch * self.recipe.batch_size]


class _RecentStates:
    """Copies of the model's state from a few seconds ago. If the loss stops being a number, the search for the cause
    starts from one of them."""

    def __init__(self, model: Model) -> None:
        self.states: list[State] = []
        """The latest two, newest first."""
        self._keep(model)

    def two_steps_before(self, step: int) -> State:
        """The newest state from which step number `step` - 1 can be repeated, or else the oldest one."""
        return next((state for state in self.states if state.step <= step - 2), self.states[-1])

    def keep_if_due(self, model: Model) -> None:
        if time.perf_counter() - self.kept_at > max(SECONDS_BETWEEN_STATES, self.copy_seconds / STATE_COPY_SHARE):
            self._keep(model)

    def _keep(self, model: Model) -> None:
        started = time.perf_counter()
        self.states = [model.state(), *self.states[:1]]
        self.kept_at = time.perf_counter()
        self.copy_seconds = self.kept_at - started


def _find_divergence(
    plan: _BatchPlan, experiment: Experiment, before: State, bad_step: int, validation_losses: Sequence[float]
) -> str:
    """What overflowed first, in words. Repeats the steps since the state `before`, one by one."""

    def repeat(step: int) -> None:
        batches = plan.batches(step - 1, 1)
        plan.model.steps(batches, *_rates_and_masks(experiment, plan.rows, step - 1, batches, validation_losses))

    def batch(step: int) -> tuple[Array, Array]:
        rows = plan.batches(step - 1, 1)[0]
        return plan.images[rows], plan.data.train.y[rows]

    overflow = divergence.find_first_overflow(plan.model, before, bad_step, repeat, batch, experiment.training.loss)
    return str(overflow or NO_OVERFLOW_FOUND)


def _steps_per_call(seconds_per_step: float | None, most: int, steps_left: int) -> int:
    """One step at first, so that the first loss appears immediately; then as many as fit between two reports."""
    if seconds_per_step is None:
        return 1
    return max(1, min(int(SECONDS_BETWEEN_REPORTS / max(seconds_per_step, 1e-6)), most, steps_left))


def _rates_and_masks(
    experiment: Experiment, rows: int, steps_done: int, batches: Array, validation_losses: Sequence[float]
) -> tuple[Array, Masks]:
    """The learning rates (S,) and dropout masks {layer name: (S, B, *shape)} of the S steps after number
    `steps_done`."""
    numbers = np.arange(steps_done + 1, steps_done + 1 + len(batches))
    step_masks = [masks(experiment.network, experiment.seed, int(step), batches.shape[1]) for step in numbers]
    return rates(experiment.training, rows, numbers, validation_losses), {
        layer: np.stack([one_step[layer] for one_step in step_masks]) for layer in step_masks[0]
    }


def _most_steps_per_call(network: Network, recipe: TrainingRecipe) -> int:
    mask_size = sum(int(np.prod(step.output)) for step in trace(network) if isinstance(step.layer, Dropout))
    return max(1, MASK_BYTES // (mask_size * recipe.batch_size)) if mask_size else 10_000
