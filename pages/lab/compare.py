"""Compare: runs overlaid, and the first step at which their losses diverge."""

import streamlit as st

from core.runs.folder import Run, all_runs
from pages.parts.runs.curve_differences import difference_chart, divergences, first_steps, what_was_different
from pages.parts.runs.run_names import distinct
from pages.parts.runs.runs_picker import groups, run_labels, side_by_side
from pages.parts.runs.runs_view import accuracy_chart, curve_table, in_order, loss_chart, results
from pages.parts.session.state import Lab, lab


MOST = 6
"""How many runs of a group are overlaid by default."""
TOLERANCES = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1]


def page(lab: Lab) -> None:
    st.title("Compare")
    st.markdown(
        "Runs that start from the same weights and see the same batches have the same first loss. After that, rounding "
        "takes over: each framework adds its numbers in a different order, and training amplifies the differences.",
        width=720,
    )
    runs = choose(lab, all_runs())
    if not runs:
        return
    alive = any(not run.status().ended for run in runs)
    st.fragment(overlay, run_every=1.0 if alive else None)(runs, alive)
    if len(runs) < 2:
        st.info("Add a second run above to see where their losses diverge, or start two backends together in Train.")
        return
    apart(runs)
    st.header("The first losses to the last digit")
    first_steps(runs)
    st.header("Final results")
    results(runs, distinct(runs))
    st.header("How the experiments differ")
    what_was_different(runs)


def choose(lab: Lab, everything: list[Run]) -> list[Run]:
    """Preselects the group shown in Train, or else the newest group that ran one experiment more than once."""
    usable = {run.id: run for run in everything if len(run.reading.losses)}
    if not usable:
        st.info("There is nothing to compare yet: no run has completed a training step.")
        st.page_link("pages/lab/train.py", label="Train a network first")
        return []
    result = groups(list(usable.values()))
    group = lab.group if lab.group in result else side_by_side(result)
    default = [run.id for run in in_order(result[group])]
    chosen = st.multiselect(
        "Runs",
        list(usable),
        default=default[:MOST],
        key=f"runs-{group}",
        format_func=run_labels(usable).__getitem__,
    )
    if len(default) > MOST and chosen == default[:MOST]:
        st.markdown(f":small[The first {MOST} of {len(default)} runs started together. Add others above.]")
    if not chosen:
        st.info("Choose two or more runs.")
    return in_order([usable[run_id] for run_id in chosen])


def overlay(runs: list[Run], alive: bool) -> None:
    if alive and all(run.status().ended for run in runs):
        st.rerun()
    left, right = st.columns(2, vertical_alignment="bottom")
    window = left.selectbox("Moving average (steps)", [1, 5, 10, 25, 50, 100], key="window")
    logarithmic = right.toggle("Logarithmic loss axis", key="log")
    key = "-".join(["overlay", str(logarithmic), *(run.id for run in runs)])
    loss_chart(runs, key, window, logarithmic)
    accuracy_chart(runs, "accuracy-" + key)
    curve_table(runs)


def apart(runs: list[Run]) -> None:
    st.header("Where the losses diverge")
    tolerance = st.selectbox(
        "Tolerance: difference relative to the larger loss",
        TOLERANCES,
        index=TOLERANCES.index(1e-4),
        format_func=lambda value: f"{value:g}",
        key="tolerance",
        width=560,
    )
    divergences(runs, tolerance)
    difference_chart(runs, tolerance)


page(lab())
