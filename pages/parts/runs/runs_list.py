"""The list on the Runs page: filters, the table, import from a zip file, and the trash."""

import hashlib
from collections.abc import Callable

import streamlit as st

from core.data import catalogue
from core.data.dataset import DataError
from core.runs import trash
from core.runs.archive_import import unpack
from core.runs.filters import ORDERS
from core.runs.folder import RunError, runs_folder
from core.runs.index import Entry
from pages.parts.runs.runs_view import STATES
from pages.parts.session.state import Lab
from pages.ui import backend_labels
from pages.ui.formatting import moment, sentence


ROWS_HIGH = 10


def filters(entries: list[Entry]) -> dict:
    """The arguments of `core.runs.filters.matching`, and "order"."""
    words, backend, data, state, order = st.columns([3, 2, 2, 2, 2], vertical_alignment="bottom")
    with words:
        typed = st.text_input("Search", key="runs-words", placeholder="name, note, seed 1 …")
    with backend:
        backends = _several("Backend", {entry.backend for entry in entries}, backend_labels.label)
    with data:
        sets = _several("Data", {entry.data for entry in entries}, _data_label)
    with state:
        states = _several("State", {entry.state for entry in entries}, lambda name: STATES[name][0])
    with order:
        first = st.selectbox("Order", list(ORDERS), key="runs-order")
    return {"words": typed, "backends": backends, "data": sets, "states": states, "order": first}


def chosen(lab: Lab, entries: list[Entry], total: int) -> list[Entry]:
    """The runs selected in the table. They stay selected when other runs are added, removed or moved."""
    ids = [entry.id for entry in entries]
    count = f"**{len(entries):,}** of {total:,} runs" if len(entries) < total else f"**{total:,}** runs"
    st.markdown(
        f":small[Select runs with the checkboxes on the left, or by keyboard with Shift + Space on a row.]  \n{count}"
    )
    event = st.dataframe(
        [_row(entry) for entry in entries],
        key="runs-" + hashlib.sha256("".join(ids).encode()).hexdigest()[:12],
        on_select="rerun",
        selection_mode="multi-row",
        selection_default={"selection": {"rows": [ids.index(i) for i in lab.chosen if i in ids]}},
        hide_index=True,
        height="content" if len(entries) <= ROWS_HIGH else 36 * (ROWS_HIGH + 1),
        alt=f"{len(entries)} runs with backend, data, state, accuracies and notes",
        column_config={
            "name": st.column_config.TextColumn(width="medium"),
            "test": st.column_config.NumberColumn(format="percent", help="Accuracy on the test images at the end"),
            "validation": st.column_config.NumberColumn(
                format="percent", help="Accuracy on the validation images after the last epoch"
            ),
            "loss": st.column_config.NumberColumn("last loss", format="%.4f"),
        },
    )
    rows = [row for row in event.selection.rows if row < len(ids)]
    lab.chosen = [ids[row] for row in rows]
    return [entries[row] for row in rows]


def undo(lab: Lab) -> None:
    """A button that restores the runs deleted last."""
    if not lab.deleted:
        return
    count = "1 run is" if len(lab.deleted) == 1 else f"{len(lab.deleted)} runs are"
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="undo"):
        st.markdown(f"{count} in the trash now.", width="content")
        if st.button("Undo", key="undo-delete", type="primary"):
            lab.chosen, deleted = list(lab.deleted), lab.deleted
            lab.deleted = []
            _restore(deleted)


def trash_can() -> None:
    deleted = trash.deleted()
    if not deleted:
        return
    with st.expander(f"Trash ({len(deleted)})"):
        selected = st.multiselect("Deleted runs", deleted, key="trash", placeholder="Choose runs")
        if st.button("Restore", key="restore", disabled=not selected):
            _restore(selected)
        with st.popover("Empty the trash"):
            st.markdown(f"This deletes {len(deleted)} runs with all their curves and weights. It cannot be undone.")
            if st.button("Delete permanently", key="empty"):
                trash.empty()
                st.rerun()


def bring_in(lab: Lab) -> None:
    """Imports runs from a zip file exported here or on another computer."""
    with st.expander("Import runs"):
        st.markdown(
            "A zip file of runs, as created by **Export**. Existing runs are never overwritten. If the file is too "
            f"large to upload, unpack it into `{runs_folder()}` yourself."
        )
        with st.form("import", clear_on_submit=True, border=False):
            file = st.file_uploader("Zip file of runs", type="zip", key="import-file")
            sent = st.form_submit_button("Import")
        if not sent:
            return
        if file is None:
            st.warning("Choose a zip file first.")
            return
        try:
            new = unpack(file.getvalue())
        except RunError as error:
            st.error(f"{file.name} could not be imported: {sentence(str(error))}")
        else:
            st.toast(f"Imported {len(new)} {'run' if len(new) == 1 else 'runs'}.")
            lab.chosen = new
            st.rerun()


def _restore(ids: list[str]) -> None:
    try:
        for run_id in ids:
            trash.restore(run_id)
    except RunError as error:
        st.error(sentence(str(error)))
    else:
        st.rerun()


def _several(label: str, names: set[str], format_func: Callable[[str], str]) -> list[str]:
    return st.multiselect(label, sorted(names), format_func=format_func, key=f"runs-{label.lower()}", placeholder="all")


def _row(entry: Entry) -> dict:
    return {
        "name": entry.name,
        "backend": backend_labels.label(entry.backend),
        "data": _data_label(entry.data),
        "seed": str(entry.seed),
        "state": STATES[entry.state][0],
        "test": entry.test_accuracy,
        "validation": entry.validation_accuracy,
        "loss": entry.loss,
        "started": moment(entry.created, st.context.timezone),
        "steps": entry.step,
        "note": entry.note,
    }


def _data_label(name: str) -> str:
    """The data set's label; its plain name if it is not known here."""
    try:
        return catalogue.describe(name).label
    except DataError:
        return name
