"""Train: one experiment on several backends at the same time, with their losses live."""

from typing import cast

import streamlit as st

from core.experiment.experiment import Experiment
from core.runs.folder import Run, Status, all_runs
from pages.parts.build.repairs_view import problem_view
from pages.parts.data.scaling_picker import scaling_picker
from pages.parts.data.training_images import images
from pages.parts.runs.runs_picker import group_picker
from pages.parts.runs.runs_view import (
    accuracy_chart,
    curve_table,
    distinct,
    in_order,
    loss_chart,
    rate_chart,
    results,
    run_card,
)
from pages.parts.session.pickers import data_picker, fine_pickers, missing_data, preset_picker
from pages.parts.session.state import Lab, lab
from pages.parts.train.class_weight_pickers import class_weight_picker, order_picker
from pages.parts.train.lr_finder_view import rate_finder
from pages.parts.train.nielsen_view import network3_switch
from pages.parts.train.recipe_pickers import (
    ending_pickers,
    last_batch_picker,
    loss_picker,
    optimizer_picker,
    penalty_pickers,
    remember_pickers,
    schedule_picker,
    size_pickers,
)
from pages.parts.train.start import backend_pickers, start, warm
from pages.ui.formatting import sentence


SMOOTHINGS = (1, 5, 10, 25, 50, 100)
TICK, FIRST_TICK = 0.4, 0.15
"""Seconds between two updates of the charts; shorter until the first loss arrives."""


_CHARTS_FIRST_ON_A_PHONE = """<style>
@media (max-width: 640px) {
  .st-key-train-columns > div > [data-testid=stHorizontalBlock] { flex-direction: column-reverse; }
}
</style>"""


def page(lab: Lab) -> None:
    head = st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute")
    problems = st.container()
    st.markdown(
        "The same initial weights, the same batches, the same arithmetic: only the framework differs.", width=720
    )
    warm(lab.backends, lab.draft.data["name"])
    st.html(_CHARTS_FIRST_ON_A_PHONE)
    with st.container(key="train-columns"):
        controls, charts = st.columns([1, 2], gap="large")
    with controls:
        experiment = choose(lab)
    with head:
        st.title("Train", width="content")
        ready = experiment is not None and bool(lab.backends)
        if st.button("Start training", type="primary", key="start", icon=":material/play_arrow:", disabled=not ready):
            start(lab, cast(Experiment, experiment))
    with problems:
        if not ready:
            st.markdown(":orange[Training cannot start yet: see the message below the backends.]")
        for reason in lab.refused:
            st.error(sentence(reason))
    with controls:
        refine(lab, experiment)
    with charts:
        runs = group_picker(lab, all_runs())
        if not runs:
            st.markdown("Nothing has been trained yet. These are the training images:")
            images(lab.draft)
            return
        watch(runs)
        with st.expander("Training images"):
            images(lab.draft)


def choose(lab: Lab) -> Experiment | None:
    """The experiment set in the controls; None, with the reason on the page, if it is not valid."""
    data_picker(lab.draft, explained=False)
    missing = missing_data(lab.draft.data["name"])
    preset_picker(lab.draft, explained=False)
    st.page_link("pages/lab/build.py", label="Edit its layers in Build")
    optimizer_picker(lab.draft)
    size_pickers(lab.draft)
    with st.expander("Batch order"):
        order_picker(lab.draft)
        last_batch_picker(lab.draft)
    backend_pickers(lab)
    report = lab.draft.check()
    with st.container():  # always one element: if it came and went, open expanders below would close
        if not lab.backends:
            st.warning("No backend is selected. Select at least one.")
        for index, problem in report.layers.items():
            st.error(
                f"{lab.draft.name(index)}: {sentence(problem.sentence)} Fix it in Build, or choose another network."
            )
        for nth, problem in enumerate(report.general):
            problem_view(lab.draft, problem, lab.draft.key(f"general-{nth}"))
    return None if missing else report.experiment


def refine(lab: Lab, experiment: Experiment | None) -> None:
    """Settings that a first training run does not need."""
    with st.expander("Learning-rate finder"):
        rate_finder(lab, experiment)
    with st.expander("Loss function"):
        loss_picker(lab.draft)
    with st.expander("Class weights"):
        class_weight_picker(lab.draft)
    with st.expander("Learning-rate schedule"):
        schedule_picker(lab.draft)
    with st.expander("L1 and L2 penalties"):
        penalty_pickers(lab.draft)
    with st.expander("Early stopping and limits"):
        ending_pickers(lab.draft)
    with st.expander("Weights to remember"):
        remember_pickers(lab.draft)
    with st.expander("More settings"):
        fine_pickers(lab.draft)
        scaling_picker(lab.draft)
    with st.expander("Settings of Nielsen's network3"):
        network3_switch(lab, experiment)


def watch(runs: list[Run]) -> None:
    """Updates the charts as long as a run is active."""
    interval = update_interval([run.status() for run in runs])
    st.fragment(show, run_every=interval)(in_order(runs), interval)


def update_interval(statuses: list[Status]) -> float | None:
    if all(status.ended for status in statuses):
        return None
    return TICK if any(status.step for status in statuses) else FIRST_TICK


def show(runs: list[Run], interval: float | None) -> None:
    statuses = [run.status() for run in runs]
    if update_interval(statuses) != interval:
        st.rerun()
    st.markdown(progress_line(statuses))
    window, logarithmic = chart_controls()
    loss_chart(runs, f"losses-{runs[0].group}", window, logarithmic)
    for run, status in zip(runs, statuses, strict=True):
        run_card(run, status)
    accuracy_chart(runs, f"accuracies-{runs[0].group}")
    rate_chart(runs, f"rates-{runs[0].group}")
    if interval is None:
        finish(runs)


def chart_controls() -> tuple[int, bool]:
    """(how many steps the loss is averaged over, whether its axis is logarithmic)"""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        window = st.select_slider("Smoothing (steps)", SMOOTHINGS, key="train-smoothing", width=220)
        logarithmic = st.toggle("Log axis", key="train-log")
    return window, logarithmic


def progress_line(statuses: list[Status]) -> str:
    """How far all runs of the group are, in one line."""
    ended = sum(status.ended for status in statuses)
    if ended == len(statuses):
        return f"**{'The run has' if ended == 1 else f'All {ended} runs have'} ended.**"
    steps, total = sum(status.step for status in statuses), sum(status.total_steps for status in statuses)
    if not steps:
        return "**Starting …** The first loss appears as soon as a framework has loaded."
    done = f", {ended} of {len(statuses)} runs done" if len(statuses) > 1 else ""
    return f"**Training …** {steps / max(total, 1):.0%} of all steps{done}."


def finish(runs: list[Run]) -> None:
    st.header("Final results")
    results(runs, distinct(runs))
    if len(runs) > 1:
        st.page_link("pages/lab/compare.py", label="Compare these runs: where do they diverge?")
    st.page_link(
        "pages/lab/explore.py",
        label="Explore: look inside, draw for it, ask it why",
        query_params={"run": runs[0].id},
    )
    st.page_link("pages/lab/evaluate.py", label="Evaluate: what do they confuse, and how confident are they?")
    curve_table(runs)


page(lab())
