"""The controls of a training recipe: loss, optimizer, rate, penalties, ending; each with one sentence and its formula."""

import streamlit as st

from core.data import catalogue
from core.data.dataset import DataError
from core.data.part_sizes import Sizes, sizes_of
from core.drafts.draft import LOSSES, OPTIMIZERS, SCHEDULES, Draft
from core.experiment.experiment import Experiment, ExperimentError
from core.figures import curves
from core.formulas import balance as balance_formulas, recipe as formulas
from core.network.shapes import output_shape
from core.numerics.penalties import batches
from core.recipe.losses import Loss
from core.recipe.optimizers import Optimizer
from core.recipe.penalties import Penalties
from core.recipe.schedules import ReduceOnPlateau, Schedule
from core.recipe.training import TrainingRecipe
from core.training.loop import rates
from pages.parts.session.pickers import said_of
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
    "step": "Stairs",
    "exponential": "Exponential",
    "inverse": "One over time",
    "cosine": "Cosine",
    "plateau": "On a plateau",
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
    "lowest": "Lowest share",
    "times": "Times in all",
    "label_smoothing": "Label smoothing",
    "gamma": "gamma",
    "tau": "tau",
}
WHOLE_FIELDS = {"every": "Every … steps", "half_after": "Half after … steps", "patience": "Patience in epochs"}
CHOICES = {
    "targets": ("Target of the other classes", {"signed": "-1", "one-hot": "0"}),
    "classes": ("Over the classes", {"mean": "the mean", "half sum": "half the sum"}),
    "reduction": ("Over the batch", {"mean": "the mean", "sum": "the sum"}),
}
GROUPS = {"conv": "Conv", "dense": "Dense", "output": "Output"}


def optimizer_picker(draft: Draft) -> None:
    optimizer = draft.training["optimizer"]
    _kind_picker("Optimizer", optimizer, OPTIMIZERS, draft.choose_optimizer, draft.key("optimizer"))
    first, others = _names(optimizer)[:2], _names(optimizer)[2:]
    _fields(draft, optimizer, first)
    st.markdown(f":small[{formulas.SENTENCES[optimizer['kind']]}]")
    with st.expander("All its numbers, and one step"):
        _fields(draft, optimizer, others)
        _formula(optimizer, Optimizer, formulas.optimizer)


def loss_picker(draft: Draft) -> None:
    fields = draft.training["loss"]
    _kind_picker("Loss", fields, LOSSES, draft.choose_loss, draft.key("loss"))
    _fields(draft, fields, [name for name in _names(fields) if name not in CHOICES])
    for name in [name for name in CHOICES if name in fields]:
        label, words = CHOICES[name]
        put = lambda value, name=name: fields.__setitem__(name, value)
        key = draft.key(f"{name}-{fields['kind']}")
        bound(st.selectbox, label, fields[name], put, key, options=list(words), format_func=words.get)
    if (it := checked(fields, Loss)) is not None:
        st.markdown(f":small[{formulas.loss_sentence(it)}]")
        st.latex(formulas.loss(it, _outputs(draft)))


def _outputs(draft: Draft) -> int | None:
    """Numbers that the network ends in; None while something is wrong."""
    experiment = draft.check().experiment
    return experiment and output_shape(experiment.network)[0]


def size_pickers(draft: Draft) -> None:
    """And how many batches and steps that makes."""
    training, put = draft.training, draft.training.__setitem__
    batch, epochs = st.columns(2)
    with batch:
        whole(
            "Batch size",
            training["batch_size"],
            lambda value: put("batch_size", value),
            draft.key("batch"),
            help="So many images make one step, from all their gradients together.",
        )
    with epochs:
        whole(
            "Epochs",
            training["epochs"],
            lambda value: put("epochs", value),
            draft.key("epochs"),
            help="In one epoch every training image has its turn.",
        )
    if (result := _recipe_and_rows(draft)) is not None:
        st.markdown(f":small[{balance_formulas.batches(*result)}]")
    said_of(draft, "batch_size")


def last_batch_picker(draft: Draft) -> None:
    training = draft.training
    bound(
        st.checkbox,
        "Drop a last batch that is not full",
        training["drop_last"],
        lambda chosen: training.__setitem__("drop_last", chosen),
        draft.key("drop-last"),
    )
    if (result := _recipe_and_rows(draft)) is not None:
        st.markdown(f":small[{balance_formulas.last_batch(*result)}]")


def _recipe_and_rows(draft: Draft) -> tuple[TrainingRecipe, int] | None:
    """None while something is wrong or missing."""
    experiment = draft.check().experiment
    result = experiment and part_sizes(experiment)
    return (experiment.training, result.train) if result else None


def schedule_picker(draft: Draft) -> None:
    training, schedule = draft.training, draft.training["schedule"]
    _kind_picker("Schedule", schedule, SCHEDULES, draft.choose_schedule, draft.key("schedule"))
    said_of(draft, "schedule")
    put = training.__setitem__
    _fields(draft, schedule, _names(schedule))
    whole("Warm-up steps", training["warmup_steps"], lambda value: put("warmup_steps", value), draft.key("warm-up"))
    rate, warmup_steps = training["optimizer"]["learning_rate"], training["warmup_steps"]
    typed_well = isinstance(rate, int | float) and isinstance(warmup_steps, int)
    if typed_well and (it := checked(schedule, Schedule)) is not None:
        st.markdown(f":small[{formulas.schedule_sentence(it, warmup_steps)}]")
        st.latex(formulas.schedule(it, rate, warmup_steps))
    _rate_image(draft)


def penalty_pickers(draft: Draft) -> None:
    st.markdown(
        ":small[Large weights cost: half the sum of squares (L2) pulls every weight towards zero, the sum of sizes (L1) "
        "all the way. Biases are free. The loss in the chart has the penalty in it.]"
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
        help="As Nielsen's network3 does: with 5,000 batches an L2 of 0.1 is a decay of 0.00002.",
    )
    name = LABELS[draft.training["loss"]["kind"]].lower()
    _formula(draft.training["penalties"], Penalties, lambda it: formulas.penalties(it, name))
    if draft.training["penalties"]["over_batches"] and (count := _batch_count(draft)):
        st.markdown(f":small[m = {count:,} batches.]")


def ending_pickers(draft: Draft) -> None:
    training = draft.training
    st.markdown(
        ":small[Training ends after its last epoch, or before: when the validation loss has had no new low for some "
        "epochs (then its best weights are put back), after a time, or after a number of steps.]"
    )
    optional("Patience in epochs", training, "patience", draft.key("patience"), "for ever")
    said_of(draft, "patience")
    optional("Time limit in seconds", training, "time_limit", draft.key("time-limit"), "none", number_of)
    optional("Stop after step", training, "steps", draft.key("steps"), "never")
    bound(
        st.checkbox,
        "Measure the test images after the best epochs, too",
        training["test_at_best"],
        lambda chosen: training.__setitem__("test_at_best", chosen),
        draft.key("test-at-best"),
        help="After each epoch whose validation accuracy is not below the best so far. Nothing is decided by it.",
    )


def _batch_count(draft: Draft) -> int | None:
    """Whole batches of the training set; None while something is wrong or missing."""
    result = _recipe_and_rows(draft)
    return batches(*result) if result else None


def part_sizes(experiment: Experiment) -> Sizes | None:
    """How many images there are of each part; None where the data are not there or not so many."""
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
    """Numbers of an optimizer or a schedule, two in a row."""
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
    """With the numbers as they stand; none while they are wrong, which the page says below."""
    if (it := checked(fields, kind)) is not None:
        st.latex(formula(it))


def _rate_image(draft: Draft) -> None:
    """The rate of every step, before any is made."""
    experiment = draft.check().experiment
    if experiment is None or (result := part_sizes(experiment)) is None:
        return
    try:
        values = rates(experiment.training, result.train)
    except ExperimentError:
        return
    words = f"{values[0]:.4g} at the first step, at most {values.max():.4g}, {values[-1]:.4g} at the last."
    title = f"The rate of each of the {len(values):,} steps to come"
    if isinstance(experiment.training.schedule, ReduceOnPlateau):
        title += ", as long as the validation loss finds new lows"
    chart(curves.rates(values), draft.key("rates"), title, f"Rate over steps: {words}", 220)
    st.markdown(f":small[{words}]")
