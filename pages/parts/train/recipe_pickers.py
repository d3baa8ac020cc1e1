"""The controls of a training recipe (optimizer, loss, schedule, penalties, stopping), each with its formula."""

import numpy as np
import streamlit as st

from core.data import catalogue
from core.data.dataset import DataError
from core.data.part_sizes import Sizes, sizes_of
from core.drafts.draft import LOSSES, OPTIMIZERS, SCHEDULES, Draft
from core.experiment.experiment import Experiment, ExperimentError
from core.figures import curves
from core.formulas import balance as balance_formulas, recipe as formulas
from core.network.costs import parameters
from core.network.shapes import output_shape
from core.numerics.penalties import batches
from core.recipe.losses import Loss
from core.recipe.optimizers import Optimizer
from core.recipe.penalties import Penalties
from core.recipe.schedules import ReduceOnPlateau, Schedule
from core.recipe.training import TrainingRecipe
from core.training.loop import rates, total_steps
from pages.parts.session.pickers import problems_of
from pages.ui.inputs import bound, checked, number, number_of, optional, whole
from pages.ui.live_chart import chart


LABELS = {
    "sgd": "SGD",
    "momentum": "Momentum",
    "nesterov": "Nesterov momentum",
    "adagrad": "Adagrad",
    "adadelta": "Adadelta",
    "rmsprop": "RMSProp",
    "adam": "Adam",
    "adamw": "AdamW",
    "constant": "Constant",
    "step": "Step decay",
    "exponential": "Exponential decay",
    "inverse": "Inverse time decay",
    "cosine": "Cosine decay",
    "plateau": "Reduce on plateau",
    "rising": "Rising",
    "cross_entropy": "Cross-entropy",
    "focal": "Focal loss",
    "logit_adjusted": "Logit-adjusted cross-entropy",
    "binary_cross_entropy": "Binary cross-entropy",
    "squared_error": "Squared error (MSE)",
    "negative_log_likelihood": "Negative log-likelihood (of a softmax layer)",
}
FIELDS = {
    "learning_rate": "Learning rate",
    "momentum": "Momentum",
    "rho": "rho",
    "beta1": "beta 1",
    "beta2": "beta 2",
    "epsilon": "epsilon",
    "weight_decay": "Weight decay",
    "factor": "Factor",
    "lowest": "Minimum (share of the start)",
    "times": "Total factor",
    "label_smoothing": "Label smoothing",
    "gamma": "gamma",
    "tau": "tau",
}
MOST_POINTS = 2000
"""Of the chart of learning rates."""
WHOLE_FIELDS = {"every": "Every … steps", "half_after": "Half after … steps", "patience": "Patience (epochs)"}
CHOICES = {
    "targets": ("Target of the other classes", {"signed": "-1", "one-hot": "0"}),
    "classes": ("Reduction over classes", {"mean": "mean", "half sum": "half the sum"}),
    "reduction": ("Reduction over the batch", {"mean": "mean", "sum": "sum"}),
}
GROUPS = {"conv": "Conv", "dense": "Dense", "output": "Output"}


def optimizer_picker(draft: Draft) -> None:
    optimizer = draft.training["optimizer"]
    _kind_picker("Optimizer", optimizer, OPTIMIZERS, draft.choose_optimizer, draft.key("optimizer"))
    first, others = _names(optimizer)[:2], _names(optimizer)[2:]
    _fields(draft, optimizer, first)
    st.markdown(f":small[{formulas.SENTENCES[optimizer['kind']]}]")
    with st.expander("More optimizer settings and its formula"):
        _fields(draft, optimizer, others)
        _formula(optimizer, Optimizer, formulas.optimizer)


def loss_picker(draft: Draft) -> None:
    fields = draft.training["loss"]
    _kind_picker("Loss", fields, LOSSES, draft.choose_loss, draft.key("loss"))
    _fields(draft, fields, [name for name in _names(fields) if name not in CHOICES])
    for name in [name for name in CHOICES if name in fields]:
        label, options = CHOICES[name]
        put = lambda value, name=name: fields.__setitem__(name, value)
        key = draft.key(f"{name}-{fields['kind']}")
        bound(st.selectbox, label, fields[name], put, key, options=list(options), format_func=options.get)
    if (it := checked(fields, Loss)) is not None:
        st.markdown(f":small[{formulas.loss_sentence(it)}]")
        st.latex(formulas.loss(it, _outputs(draft)))


def _outputs(draft: Draft) -> int | None:
    """The number of outputs of the network; None if it is invalid."""
    experiment = draft.check().experiment
    return output_shape(experiment.network)[0] if experiment else None


def size_pickers(draft: Draft) -> None:
    """Batch size and epochs, and the resulting number of batches and steps."""
    training, put = draft.training, draft.training.__setitem__
    batch, epochs = st.columns(2)
    with batch:
        whole(
            "Batch size",
            training["batch_size"],
            lambda value: put("batch_size", value),
            draft.key("batch"),
            help="The number of images per step. The step follows the gradient over all of them.",
        )
    with epochs:
        whole(
            "Epochs",
            training["epochs"],
            lambda value: put("epochs", value),
            draft.key("epochs"),
            help="In one epoch, the network sees every training image once.",
        )
    if (result := _recipe_and_rows(draft)) is not None:
        st.markdown(f":small[{balance_formulas.batches(*result)}]")
    problems_of(draft, "batch_size")


def last_batch_picker(draft: Draft) -> None:
    training = draft.training
    bound(
        st.checkbox,
        "Drop the last batch if it is incomplete",
        training["drop_last"],
        lambda chosen: training.__setitem__("drop_last", chosen),
        draft.key("drop-last"),
    )
    if (result := _recipe_and_rows(draft)) is not None:
        st.markdown(f":small[{balance_formulas.last_batch(*result)}]")


def _recipe_and_rows(draft: Draft) -> tuple[TrainingRecipe, int] | None:
    """The recipe and the number of training images; None if the experiment is invalid or the data are missing."""
    experiment = draft.check().experiment
    if experiment is None or (sizes := part_sizes(experiment)) is None:
        return None
    return experiment.training, sizes.train


def schedule_picker(draft: Draft) -> None:
    training, schedule = draft.training, draft.training["schedule"]
    _kind_picker("Schedule", schedule, SCHEDULES, draft.choose_schedule, draft.key("schedule"))
    problems_of(draft, "schedule")
    put = training.__setitem__
    _fields(draft, schedule, _names(schedule))
    whole("Warm-up steps", training["warmup_steps"], lambda value: put("warmup_steps", value), draft.key("warm-up"))
    rate, warmup_steps = training["optimizer"]["learning_rate"], training["warmup_steps"]
    valid = isinstance(rate, int | float) and isinstance(warmup_steps, int)
    if valid and (it := checked(schedule, Schedule)) is not None:
        st.markdown(f":small[{formulas.schedule_sentence(it, warmup_steps)}]")
        st.latex(formulas.schedule(it, rate, warmup_steps))
    _schedule_chart(draft)


def penalty_pickers(draft: Draft) -> None:
    st.markdown(
        ":small[Penalties on large weights. L2, half the sum of squares, shrinks every weight; L1, the sum of absolute "
        "values, makes many exactly zero. Biases are not penalised. The loss in the chart includes the penalty.]"
    )
    for group, label in GROUPS.items():
        fields = draft.training["penalties"][group]
        for column, name in zip(st.columns(2), ("l2", "l1"), strict=True):
            with column:
                put = fields.__setitem__
                key = draft.key(f"{group}-{name}")
                number(f"{label}, {name.upper()}", fields[name], lambda v, put=put, name=name: put(name, v), key)
    bound(
        st.checkbox,
        "Divide by the number of batches",
        draft.training["penalties"]["over_batches"],
        lambda chosen: draft.training["penalties"].__setitem__("over_batches", chosen),
        draft.key("over-batches"),
        help="As in Nielsen's network3: with 5,000 batches, an L2 of 0.1 becomes a decay of 0.00002.",
    )
    name = LABELS[draft.training["loss"]["kind"]].lower()
    _formula(draft.training["penalties"], Penalties, lambda it: formulas.penalties(it, name))
    if draft.training["penalties"]["over_batches"] and (count := _batch_count(draft)):
        st.markdown(f":small[m = {count:,} batches.]")


def ending_pickers(draft: Draft) -> None:
    training = draft.training
    st.markdown(
        ":small[Training ends after the last epoch, or earlier: if the validation loss reaches no new minimum for a "
        "number of epochs (early stopping, which restores the best weights), after a time limit, or after a number of "
        "steps.]"
    )
    optional("Patience (epochs)", training, "patience", draft.key("patience"), "no early stopping")
    problems_of(draft, "patience")
    optional("Time limit (seconds)", training, "time_limit", draft.key("time-limit"), "none", number_of)
    optional("Stop after step", training, "steps", draft.key("steps"), "never")
    bound(
        st.checkbox,
        "Also test after each best epoch",
        training["test_at_best"],
        lambda chosen: training.__setitem__("test_at_best", chosen),
        draft.key("test-at-best"),
        help="Measures the test accuracy after each epoch whose validation accuracy is at least the best so far. "
        "It does not influence training.",
    )


def remember_pickers(draft: Draft) -> None:
    """How many states of the weights the run keeps for Explore, and what they take on disk."""
    fields = draft.training["remember"]
    st.markdown(
        ":small[The weights at the start, after 1, 2, 5, 10, 20, 50, … steps and after each epoch, so that Explore can "
        "play the training back. 0 keeps none.]"
    )
    for column, name, label, field in zip(
        st.columns(2), ("states", "megabytes"), ("States", "MB at most"), (whole, number), strict=True
    ):
        with column:
            field(label, fields[name], lambda value, name=name: fields.__setitem__(name, value), draft.key(name))
    if (experiment := draft.check().experiment) is not None:
        remember = experiment.training.remember
        size = parameters(experiment.network) * 2 / 1e6
        fitting = int(remember.megabytes / size) if size else remember.states
        kept = max(2, min(remember.states, fitting)) if remember.states else 0
        st.markdown(
            f":small[{size:,.2f} MB for each state of this network: up to {kept:,} states, {kept * size:,.1f} MB.]"
        )
    problems_of(draft, "remember")


def _batch_count(draft: Draft) -> int | None:
    """The number of whole batches per epoch; None if the experiment is invalid or the data are missing."""
    result = _recipe_and_rows(draft)
    return batches(*result) if result else None


def part_sizes(experiment: Experiment) -> Sizes | None:
    """The number of images in each part; None if the data are missing or too few."""
    if catalogue.missing(experiment.data.name):
        return None
    try:
        return sizes_of(experiment.data, experiment.seed)
    except DataError:
        return None


def _kind_picker(label: str, fields: dict, kinds, choose, key: str) -> None:
    bound(st.selectbox, label, fields["kind"], choose, key, options=kinds, format_func=LABELS.get)


def _names(fields: dict) -> list[str]:
    return [name for name in fields if name != "kind"]


def _fields(draft: Draft, fields: dict, names: list[str]) -> None:
    """Number fields of an optimizer, loss or schedule, two per row."""
    for index, name in enumerate(names):
        if index % 2 == 0:
            columns = st.columns(2, vertical_alignment="bottom")
        key = draft.key(f"{name}-{fields['kind']}")
        with columns[index % 2]:
            if name in WHOLE_FIELDS:
                whole(WHOLE_FIELDS[name], fields[name], lambda value, name=name: fields.__setitem__(name, value), key)
            else:
                number(FIELDS[name], fields[name], lambda value, name=name: fields.__setitem__(name, value), key)


def _formula(fields: dict, kind, formula) -> None:
    """The formula with the current numbers; nothing while they are invalid, which the page reports below."""
    if (it := checked(fields, kind)) is not None:
        st.latex(formula(it))


def _schedule_chart(draft: Draft) -> None:
    """The planned learning rate over the steps of training, at no more steps than a chart can show."""
    experiment = draft.check().experiment
    if experiment is None or (result := part_sizes(experiment)) is None:
        return
    try:
        last = total_steps(experiment.training, result.train)
        steps = np.unique(np.linspace(1, last, min(last, MOST_POINTS)).round().astype(np.int64))
        values = rates(experiment.training, result.train, steps)
    except ExperimentError:
        return
    summary = f"{values[0]:.4g} at the first step, at most {values.max():.4g}, {values[-1]:.4g} at the last."
    title = f"The learning rate over the {last:,} steps of training"
    if isinstance(experiment.training.schedule, ReduceOnPlateau):
        title += ", as long as the validation loss keeps reaching new minima"
    chart(curves.rates(values, steps), draft.key("rates"), title, f"Learning rate over steps: {summary}", 220)
    st.markdown(f":small[{summary}]")
