"""Imbalance: a rare class, remedies for it, and whether they help by more than chance."""

import numpy as np
import streamlit as st

import backends
from core.data.dataset import DataError
from core.data.sources.faces import COUNTS as FER_COUNTS
from core.data.sources.fer2013 import ENTRY as FER
from core.data.sources.screening import EACH, ILL
from core.experiment.imbalance_remedies import replaced_loss
from core.metrics.baselines import baselines, imbalance
from core.metrics.rare_class import always, rare_scores
from core.runs.folder import all_runs
from core.runs.remedy_comparison import Repeated, groups
from pages.parts.imbalance.imbalance_maker import data_and_imbalance
from pages.parts.imbalance.remedies_view import (
    all_runs_of,
    before_remedies,
    data_label,
    differences,
    progress,
    rare_class,
    rare_confusions,
)
from pages.parts.imbalance.remedy_pickers import class_names, remedy_pickers, weight_arithmetic
from pages.parts.imbalance.remedy_scores import guessed, results, scored
from pages.parts.imbalance.resampling_view import resampling
from pages.parts.imbalance.threshold_moving import threshold_moving
from pages.parts.session.imbalance_plan import Plan
from pages.parts.session.pickers import preset_picker
from pages.parts.session.state import lab
from pages.parts.train.recipe_pickers import LABELS
from pages.parts.train.start import start_several, warm
from pages.ui import backend_labels
from pages.ui.formatting import moment, sentence, share, unique_labels
from pages.ui.inputs import bound, whole


def page(plan: Plan) -> None:
    st.title("Imbalance")
    st.markdown(
        "When one class is rare, a network can be right almost always and still be useless. Make a data set "
        "imbalanced, try remedies, and see whether they change more than a different seed would.",
        width=720,
    )
    stories(plan)
    st.header("A rare class")
    counts = data_and_imbalance(plan)
    st.header("Remedies")
    choose_remedies(plan, counts)
    st.header("Results")
    show_results(plan)
    st.header("Why oversampling beats undersampling")
    resampling(plan)


def stories(plan: Plan) -> None:
    angry, disgust = FER_COUNTS[:2]
    pair = np.array([angry, disgust])
    ill = np.array([EACH - ILL, ILL])
    trap = rare_scores(always(ill, 0), 1)
    left, right = st.columns(2, gap="large")
    with left, st.container(border=True):
        st.markdown(
            f"**Disgust is rare.** {FER.label} has {disgust:,} disgusted and {angry:,} angry faces: 1 to "
            f"{imbalance(pair):.2f}. Calling every one of them “angry” is right for "
            f"{share(baselines(pair).majority)} of them."
        )
        st.button("Load this example", key="story-fer", on_click=plan.fer_story)
    with right, st.container(border=True):
        st.markdown(
            f"**The 1 % illness.** Of {ill.sum():,} people, {ill[1]:,} are ill. Always answering “healthy” has an "
            f"accuracy of {share(trap.accuracy)} and finds {share(trap.recall)} of the ill. Its balanced accuracy is "
            f"{share(trap.balanced)}."
        )
        st.button("Load this example", key="story-ill", on_click=plan.illness_story)


def choose_remedies(plan: Plan, counts) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        remedy_pickers(plan, None if counts is None else counts["kept"])
        if counts is not None:
            with st.expander("Class weights"):
                weight_arithmetic(class_names(plan), counts["kept"], "The training images above")
        with st.expander(f"Class weights for all of {FER.label}"):
            weight_arithmetic(list(FER.class_names), np.array(FER_COUNTS), FER.label)
    with right:
        training(plan)
        problems = plan.problems()
        for problem in problems:
            st.error(sentence(problem))
        total = ""
        if not problems:
            runs = len(plan.remedies) * int(plan.seeds)
            total = f"{len(plan.remedies)} remedies × {plan.seeds} seeds: {runs} runs, one after the other."
        if st.button(
            "Start training",
            type="primary",
            key="start-remedies",
            disabled=bool(problems) or counts is None,
            width="stretch",
        ):
            plan.group, plan.refused = start_several(plan.experiments(), plan.backend, plan.device)
        st.markdown(f":small[{total}]")
        for reason in plan.refused:
            st.error(sentence(reason))


def training(plan: Plan) -> None:
    preset_picker(plan.draft, explained=False)
    loss_note(plan)
    warm([plan.backend], plan.draft.data["name"])
    steps, batch, seeds = st.columns(3)
    recipe = plan.draft.training
    with steps:
        whole("Steps", plan.steps, lambda value: setattr(plan, "steps", value), plan.draft.key("remedy-steps"))
    with batch:
        whole(
            "Batch size",
            recipe["batch_size"],
            lambda v: recipe.__setitem__("batch_size", v),
            plan.draft.key("remedy-batch"),
        )
    with seeds:
        whole("Seeds", plan.seeds, lambda value: setattr(plan, "seeds", value), "remedy-seeds")
    bound(
        st.selectbox,
        "Backend",
        plan.backend,
        lambda name: setattr(plan, "backend", name),
        "remedy-backend",
        options=backend_labels.installed(),
        format_func=lambda name: backends.about(name).LABEL,
    )


def loss_note(plan: Plan) -> None:
    """Says so if the preset has a special loss: the remedies replace it."""
    experiment = plan.draft.check().experiment
    if experiment is not None and (kind := replaced_loss(experiment)):
        own = LABELS[kind][0].lower() + LABELS[kind][1:]
        own = "a modified cross-entropy (smoothed or summed)" if kind == "cross_entropy" else own
        st.markdown(
            f":small[This preset uses {own}. Here, every remedy trains with plain cross-entropy instead (unless the "
            "remedy is itself a loss), so that only the remedy differs.]"
        )


def show_results(plan: Plan) -> None:
    result = pick(plan, groups(all_runs()))
    if result is None:
        st.info("There are no results yet. Choose remedies and press **Start training**.")
        return
    progress(result)
    runs = all_runs_of(result)
    first = next((run.predictions_path for run in runs if (run.predictions_path / "test.safetensors").is_file()), None)
    if first is None:
        return
    try:
        rare, names = rare_class(runs[0])
    except DataError as error:
        st.error(str(error))
        return
    key = plan.group or ""
    by_remedy = {remedy: by_seed for remedy, by_seed in scored(result, rare).items() if by_seed}
    results(by_remedy, guessed(result, rare, before_remedies(runs[0])), names[rare], key)
    if len(by_remedy) > 1:
        st.subheader("Larger than seed noise?")
        differences(by_remedy, key)
    st.subheader(f"What {names[rare]} was mistaken for")
    rare_confusions(result, rare, names)
    st.subheader("Threshold moving")
    threshold_moving(result, rare, key)


def pick(plan: Plan, scores_by_remedy: dict[str, Repeated]) -> Repeated | None:
    """The comparison started or chosen last, or else the newest."""
    if not scores_by_remedy:
        return None
    if plan.group not in scores_by_remedy:
        plan.group = next(iter(scores_by_remedy))
    bound(
        st.selectbox,
        "Comparison",
        plan.group,
        lambda group: setattr(plan, "group", group),
        "comparison",
        options=list(scores_by_remedy),
        format_func=unique_labels({group: group_label(it) for group, it in scores_by_remedy.items()}).get,
        width=640,
    )
    return scores_by_remedy[plan.group]


def group_label(scores: Repeated) -> str:
    runs = all_runs_of(scores)
    experiment = runs[0].experiment
    backend, started = backend_labels.label(runs[0].backend), moment(runs[0].created, st.context.timezone)
    return f"{data_label(experiment.data.name)} · {len(scores)} remedies, {len(runs)} runs · {backend} · {started}"


page(lab().imbalance)
