"""Runs: every training there has been; found, named, laid together, taken elsewhere and brought back."""

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
"""As many runs are drawn over each other; more could not be told apart."""


def page(lab: Lab) -> None:
    st.title("Runs")
    st.markdown(
        "Every training you have started, finished or not, is a folder on this computer. Choose one to name it or to "
        "take its experiment elsewhere, several to lay them together.",
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
        st.page_link("pages/lab/train.py", label="Train something first")
    st.divider()
    bring_in(lab)
    trash_can()


def pick(lab: Lab, entries: list[Entry]) -> list[Run]:
    wanted = filters(entries)
    order = wanted.pop("order")
    shown = ordered(matching(entries, **wanted), order)
    if not shown:
        st.info("No run is like that. Take a word or a choice away.")
        return []
    return [run for entry in chosen(lab, shown, len(entries)) if (run := _found(entry.id))]


def show(lab: Lab, runs: list[Run]) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        exports(runs)
        delete_button(lab, runs)
    if len(runs) == 1:
        name_and_note(runs[0])
        the_experiment(lab, runs[0])
    st.header("Curves and results")
    if len(runs) > MOST:
        st.info(f"{len(runs)} runs are chosen; the first {MOST} of the list are drawn and compared.")
    drawn = in_order([run for run in runs[:MOST] if run.reading.step])
    if drawn:
        together(drawn)
    else:
        st.info("Nothing to draw: no step was made.")


def _found(run_id: str) -> Run | None:
    """None when somebody has deleted it since the list was made."""
    try:
        return find(run_id)
    except RunError:
        return None


page(lab())
