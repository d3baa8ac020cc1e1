"""Train: one experiment on several backends at once, and their losses as they fall."""

import streamlit as st

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
    schedule_picker,
    size_pickers,
)
from pages.parts.train.start import backend_pickers, start, warm
from pages.ui.formatting import sentence


TICK, FIRST_TICK = 0.4, 0.15
"""Seconds between two looks at the runs; the first point is waited for more closely."""


def page(lab: Lab) -> None:
    st.title("Train")
    st.markdown(
        "The same first weights, the same batches, the same arithmetic: only the framework differs. Start, and watch.",
        width=720,
    )
    warm(lab.backends, lab.draft.data["name"])
    controls, image = st.columns([1, 2], gap="large")
    with controls:
        experiment = choose(lab)
        if st.button(
            "Start", type="primary", key="start", disabled=experiment is None or not lab.backends, width="stretch"
        ):
            start(lab, experiment)
        for words in lab.refused:
            st.error(sentence(words))
        refine(lab, experiment)
    with image:
        runs = group_picker(lab, all_runs())
        if not runs:
            st.markdown("Nothing is trained yet. What the network will look at:")
            images(lab.draft)
            return
        watch(runs)
        with st.expander("The images it looks at"):
            images(lab.draft)


def choose(lab: Lab):
    """The experiment as it stands in the controls, or None with the reason said."""
    data_picker(lab.draft, explained=False)
    missing = missing_data(lab.draft.data["name"])
    preset_picker(lab.draft, explained=False)
    st.page_link("pages/lab/build.py", label="Change its layers in Build")
    optimizer_picker(lab.draft)
    size_pickers(lab.draft)
    with st.expander("The order of the batches"):
        order_picker(lab.draft)
        last_batch_picker(lab.draft)
    backend_pickers(lab)
    report = lab.draft.check()
    with st.container():  # one place whether something is said or not, else what is unfolded below would fold
        if not lab.backends:
            st.warning("No backend is chosen: tick at least one.")
        for position, problem in report.layers.items():
            st.error(
                f"{lab.draft.name(position)}: {sentence(problem.sentence)} Mend it in Build, or choose another network."
            )
        for nth, problem in enumerate(report.general):
            problem_view(lab.draft, problem, lab.draft.key(f"general-{nth}"))
    return None if missing else report.experiment


def refine(lab: Lab, experiment) -> None:
    """What a first training does not need."""
    with st.expander("Find a rate"):
        rate_finder(lab, experiment)
    with st.expander("The loss"):
        loss_picker(lab.draft)
    with st.expander("How much each class counts"):
        class_weight_picker(lab.draft)
    with st.expander("The rate over time"):
        schedule_picker(lab.draft)
    with st.expander("Penalties on large weights"):
        penalty_pickers(lab.draft)
    with st.expander("When it ends"):
        ending_pickers(lab.draft)
    with st.expander("More settings"):
        fine_pickers(lab.draft)
        scaling_picker(lab.draft)
    with st.expander("As network3 did it"):
        network3_switch(lab, experiment)


def watch(runs: list[Run]) -> None:
    """Ticks while something runs, and no longer."""
    now = tick([run.status() for run in runs])
    st.fragment(show, run_every=now)(in_order(runs), now)


def tick(statuses: list[Status]) -> float | None:
    if all(status.ended for status in statuses):
        return None
    return TICK if any(status.step for status in statuses) else FIRST_TICK


def show(runs: list[Run], now: float | None) -> None:
    statuses = [run.status() for run in runs]
    if tick(statuses) != now:
        st.rerun()
    loss_chart(runs, f"losses-{runs[0].group}")
    for run, status in zip(runs, statuses, strict=True):
        run_card(run, status)
    accuracy_chart(runs, f"accuracies-{runs[0].group}")
    rate_chart(runs, f"rates-{runs[0].group}")
    if now is None:
        finish(runs)


def finish(runs: list[Run]) -> None:
    st.header("At the end")
    results(runs, distinct(runs))
    if len(runs) > 1:
        st.page_link("pages/lab/compare.py", label="Compare these runs: where do they part?")
    st.page_link("pages/lab/evaluate.py", label="Evaluate: what do they confuse, and how sure are they?")
    curve_table(runs)


page(lab())
