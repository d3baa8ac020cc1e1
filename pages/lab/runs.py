"""Runs: search, name, compare, export, delete and restore training runs."""

import streamlit as st

from core.runs.filters import matching, ordered
from core.runs.folder import Run, RunError, find
from core.runs.index import Entry, listing
from pages.parts.runs.runs_list import bring_in, chosen, filters, trash_can, undo
from pages.parts.runs.runs_tools import delete_button, exports, name_and_note, the_experiment
from pages.parts.runs.runs_view import in_order
from pages.parts.runs.seed_bands import together
from pages.parts.session.state import Lab, lab


MOST = 24
"""How many runs are drawn in one chart; more would be hard to tell apart."""


def page(lab: Lab) -> None:
    st.title("Runs")
    st.markdown(
        "Every training run you have started, finished or not, is a folder on this computer. Choose one to name it or "
        "to export its experiment; choose several to compare them.",
        width=720,
    )
    undo(lab)
    entries = listing()
    if entries:
        picked = pick(lab, entries)
        if picked:
            show(lab, picked)
    else:
        st.info("There are no runs yet.")
        st.page_link("pages/lab/train.py", label="Train a network first")
    st.divider()
    bring_in(lab)
    trash_can()


def pick(lab: Lab, entries: list[Entry]) -> list[Run]:
    criteria = filters(entries)
    order = criteria.pop("order")
    shown = ordered(matching(entries, **criteria), order)
    if not shown:
        st.info("No run matches. Remove a search word or a filter.")
        return []
    return [run for entry in chosen(lab, shown, len(entries)) if (run := _run(entry.id))]


def show(lab: Lab, runs: list[Run]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        exports(runs)
        delete_button(lab, runs)
    if len(runs) == 1:
        name_and_note(runs[0])
        the_experiment(lab, runs[0])
    st.header("Curves and results")
    if len(runs) > MOST:
        st.info(f"{len(runs)} runs are chosen. The first {MOST} in the list are drawn and compared.")
    drawn = in_order([run for run in runs[:MOST] if run.reading.step])
    if drawn:
        together(drawn)
    else:
        st.info("There is nothing to draw: no training step has been completed.")


def _run(run_id: str) -> Run | None:
    """None if it has been deleted since the list was made."""
    try:
        return find(run_id)
    except RunError:
        return None


page(lab())
