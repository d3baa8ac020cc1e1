"""The training loop, once for every backend: which rows each step sees, how many steps a call takes, what is reported."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import psutil

from core.arrays import Array
from core.backend import Model, State
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
from core.recipe.schedules import ReduceOnPlateau, rate
from core.recipe.training import TrainingRecipe
from core.training import divergence, reduce_on_plateau
from core.training.balanced_batches import balanced_order


SECONDS_BETWEEN_REPORTS = 0.1
SECONDS_BETWEEN_STATES, SHARE_OF_STATES = 2.0, 0.01
IMAGES_TO_DIAGNOSE = 64
NOBODY = "no layer's numbers stand out"
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
    rate: float | None = None
    """Of the last of them."""


@dataclass(frozen=True)
class EpochEnded:
    epoch: int
    step: int
    validation: dict[str, float]
    seconds: float
    """Of the evaluation."""
    test: dict[str, float] = field(default_factory=dict)
    """Where the recipe asks for it and the validation part has done as well as never before."""


def steps_per_epoch(recipe: TrainingRecipe, rows: int) -> int:
    """ceil(rows / batch size): the last batch of an epoch may be smaller, unless it is dropped. Raises ExperimentError
    where that leaves nothing."""
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
    """The rate of each of these steps (numbers from 1); without any, of every step of the training. `watched`: the
    validation losses after the epochs so far, on which a plateau schedule depends."""
    total = total_steps(recipe, rows)
    steps = np.arange(1, total + 1) if steps is None else steps
    result = rate(recipe.schedule, recipe.optimizer.learning_rate, steps, total, recipe.warmup_steps)
    if isinstance(recipe.schedule, ReduceOnPlateau):
        epochs_before = (steps - 1) // steps_per_epoch(recipe, rows)
        result = (
            result
            * reduce_on_plateau.shares(recipe.schedule, validation_losses)[
                np.minimum(epochs_before, len(validation_losses))
            ]
        )
    return result


def epoch_order(recipe: TrainingRecipe, rows: int, seed: int, epoch: int, labels: Array | None = None) -> Array:
    """Rows (rows,) in the order that epoch number `epoch` (from 1) visits them. Balanced batches need the labels (rows,)."""
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
    """Raises ExperimentError or NetworkError when network and data do not meet, or this machine is too small."""
    network = experiment.network
    if network.input_shape != data.shape:
        raise ExperimentError(
            f"the network takes images of shape {network.input_shape}, but {experiment.data.name} has {data.shape}; "
            "choose the data set again on the Build page so that the network is fitted to it"
        )
    check_ending(network, len(data.class_names), experiment.data.name, experiment.training.loss)
    if sentence := mismatch(experiment.training.class_weights, len(data.class_names), experiment.data.name):
        raise ExperimentError(sentence)
    check_sizes(experiment.training, len(data.train.y), len(data.validation.y))


def check_sizes(recipe: TrainingRecipe, train: int, validation: int) -> None:
    """Raises ExperimentError where so many images to train and to validate with are too few for the recipe."""
    for name, who, watches, instead in (
        ("patience", "early stopping", recipe.patience is not None, "train without patience"),
        ("schedule", "the plateau schedule", isinstance(recipe.schedule, ReduceOnPlateau), "choose another schedule"),
    ):
        if watches and not validation:
            raise ExperimentError(
                f"{who} watches the validation loss, but there are no validation images; keep some of the training "
                f"images for validation, or {instead}",
                name,
            )
    steps_per_epoch(recipe, train)


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
            f"training takes about {needed / 1e9:,.1f} GB for the network and a batch of {batch}, but only "
            f"{free / 1e9:,.1f} GB are free; try fewer units or maps, or a smaller batch"
        )


def train(
    model: Model, data: Prepared, experiment: Experiment, made: int = 0, validation_losses: list[float] | None = None
) -> Iterator[StepsMade | EpochEnded]:
    """Train from step number `made` on, reporting about ten times a second and after each epoch; the caller may stop
    between reports. `watched` are the validation losses after the epochs so far, and grows. Raises TrainingError when a
    loss is no number any more."""
    validation_losses = [] if validation_losses is None else validation_losses

    def epoch_ended(step: int) -> EpochEnded:
        report = _epoch_ended(model, data, loss, step, per_epoch)
        if report.validation:
            validation_losses[report.epoch - 1 :] = [report.validation["loss"]]
        return report

    per_epoch = steps_per_epoch(experiment.training, len(data.train.y))
    end, loss = total_steps(experiment.training, len(data.train.y)), experiment.training.loss
    if made and made % per_epoch == 0:
        yield epoch_ended(made)  # it may have been broken off before this was said
    for report in steps(model, data, experiment, made, validation_losses):
        yield report
        if report.step % per_epoch == 0 or report.step == end:
            yield epoch_ended(report.step)


def steps(
    model: Model, data: Prepared, experiment: Experiment, made: int = 0, validation_losses: Sequence[float] = ()
) -> Iterator[StepsMade]:
    """Only the steps. What each one sees depends on its number and the seed alone (its rate also on `watched`), so a run
    that was broken off and resumed makes the same steps. The loss of a step is taken before it. One report never spans
    two epochs."""
    recipe, rows = experiment.training, len(data.train.y)
    per_epoch, end = steps_per_epoch(recipe, rows), total_steps(recipe, rows)
    most, seconds_per_step = _most_steps_per_call(experiment.network, recipe), None
    plan = _Plan(model, data, experiment)
    kept = _Kept(model)
    while made < end:
        kept.now_and_then(model)
        count = _steps_per_call(seconds_per_step, most, min(per_epoch - made % per_epoch, end - made))
        asked = time.perf_counter()
        batches = plan.batches(made, count)
        used, masks = _rates_and_masks(experiment, rows, made, batches, validation_losses)
        begun = time.perf_counter()
        losses = model.steps(batches, used, masks)
        ended = time.perf_counter()
        seconds, seconds_per_step = ended - asked, (ended - begun) / len(batches)
        finite = np.isfinite(losses)
        good = len(losses) if finite.all() else int(np.argmin(finite))
        if good:
            yield StepsMade(made + good, losses[:good], seconds, float(used[good - 1]))
        if good < len(losses):
            raise TrainingError(
                f"the loss is {losses[good]} at step {made + good + 1}: "
                f"{_find_divergence(plan, experiment, kept.two_steps_before(made + good + 1), made + good + 1, validation_losses)}. "
                f"Try a smaller rate than {used[good]:g}"
                + (", or inputs scaled to [0, 1]" if experiment.data.scaling.kind == "raw" else "")
            )
        made += len(batches)


def evaluate(model: Model, part: Part, loss) -> dict[str, float]:
    """{"loss": mean of core.numerics.losses.reported_losses, "accuracy": share of images whose largest output is the right one};
    nothing for an empty part. Raises TrainingError when the outputs are no numbers any more."""
    if len(part.y) == 0:
        return {}
    return measured(outputs(model, part), part.y, loss)


def outputs(model: Model, part: Part) -> Array:
    """Of a part (N, classes). Raises TrainingError when some are no numbers any more."""
    result = loss_maths.of_each_class(model.predict(part.x))
    finite = np.isfinite(result).all(axis=1)
    if not finite.all():
        bad = part.x[np.flatnonzero(~finite)[:IMAGES_TO_DIAGNOSE]]
        raise TrainingError(
            "the network's outputs are no numbers any more, the last steps have blown it up: "
            f"{divergence.first(divergence.forward(model, bad)) or NOBODY}. Try a smaller rate"
        )
    return result


def measured(outputs: Array, labels: Array, loss) -> dict[str, float]:
    """Loss and accuracy of outputs (N, classes), as `evaluate` gives them."""
    reported = loss_maths.reported_losses(loss, outputs.astype(np.float64), labels)
    return {"loss": float(np.mean(reported)), "accuracy": float(np.mean(np.argmax(outputs, axis=1) == labels))}


def _epoch_ended(model: Model, data: Prepared, loss, made: int, per_epoch: int) -> EpochEnded:
    begun = time.perf_counter()
    validation = evaluate(model, data.validation, loss)
    return EpochEnded(-(-made // per_epoch), made, validation, time.perf_counter() - begun)


class _Plan:
    """What the steps see: the rows in their order, one epoch at a time, and the images, which augmentation draws anew
    for each epoch."""

    def __init__(self, model: Model, data: Prepared, experiment: Experiment):
        self.model, self.data, self.recipe, self.seed = model, data, experiment.training, experiment.seed
        self.rows = len(data.train.y)
        self.per_epoch = steps_per_epoch(self.recipe, self.rows)
        self.epoch, self.order, self.images = 0, np.arange(0), data.train.x

    def batches(self, made: int, count: int) -> Array:
        """(S, B) rows of the `count` steps after number `made`, all of one epoch; a smaller last batch comes alone."""
        if made // self.per_epoch + 1 != self.epoch:
            self._begin(made // self.per_epoch + 1)
        at, size = made % self.per_epoch, self.recipe.batch_size
        rows = self.order[at * size : (at + count) * size]
        whole = len(rows) // size
        return rows[: whole * size].reshape(whole, size) if whole else rows[None, :]

    def _begin(self, epoch: int) -> None:
        if not self.epoch or self.data.changes:
            self.images = self.data.seen(epoch)
            labels = self.data.train.y
            weight = of_images(self.recipe.class_weights, labels, len(self.data.class_names))
            self.model.load(self.images, labels, weight)
        order = epoch_order(self.recipe, self.rows, self.seed, epoch, self.data.train.y)
        self.epoch, self.order = epoch, order[: self.per_epoch * self.recipe.batch_size]


class _Kept:
    """States of some seconds ago, to go back to when the loss is no number: looking for the reason begins there."""

    def __init__(self, model: Model):
        self.states: list[State] = []
        """The last two, the later one first."""
        self._keep(model)

    def two_steps_before(self, bad: int) -> State:
        """The latest from which the step before number `bad` can be made again, where there is one."""
        return next((state for state in self.states if state.step <= bad - 2), self.states[-1])

    def now_and_then(self, model: Model) -> None:
        if time.perf_counter() - self.at > max(SECONDS_BETWEEN_STATES, self.cost / SHARE_OF_STATES):
            self._keep(model)

    def _keep(self, model: Model) -> None:
        begun = time.perf_counter()
        self.states = [model.state(), *self.states[:1]]
        self.at = time.perf_counter()
        self.cost = self.at - begun


def _find_divergence(plan: _Plan, experiment: Experiment, before: State, bad: int, validation_losses) -> str:
    """Who blew up first, in words. The steps since the state that was kept are made again, one by one."""

    def remake(step: int) -> None:
        batches = plan.batches(step - 1, 1)
        plan.model.steps(batches, *_rates_and_masks(experiment, plan.rows, step - 1, batches, validation_losses))

    def batch(step: int) -> tuple[Array, Array]:
        seen = plan.batches(step - 1, 1)[0]
        return plan.images[seen], plan.data.train.y[seen]

    return str(
        divergence.find_first_overflow(plan.model, before, bad, remake, batch, experiment.training.loss) or NOBODY
    )


def _steps_per_call(seconds_per_step: float | None, most: int, left: int) -> int:
    """One at first, so that the first point comes at once; then as many as fit between two reports."""
    if seconds_per_step is None:
        return 1
    return max(1, min(int(SECONDS_BETWEEN_REPORTS / max(seconds_per_step, 1e-6)), most, left))


def _rates_and_masks(experiment: Experiment, rows: int, made: int, batches: Array, validation_losses: Sequence[float]):
    """Rates (S,) and dropout masks {name: (S, B, *shape)} of the steps after number `made`."""
    numbers = np.arange(made + 1, made + 1 + len(batches))
    each = [
        masks(experiment.network, experiment.seed, made + step + 1, batches.shape[1]) for step in range(len(batches))
    ]
    return rates(experiment.training, rows, numbers, validation_losses), {
        name: np.stack([of_step[name] for of_step in each]) for name in each[0]
    }


def _most_steps_per_call(network: Network, recipe: TrainingRecipe) -> int:
    dropped = sum(int(np.prod(step.output)) for step in trace(network) if isinstance(step.layer, Dropout))
    return max(1, MASK_BYTES // (dropped * recipe.batch_size)) if dropped else 10_000
