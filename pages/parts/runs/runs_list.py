"""The list on the Runs page: its filters, its table, and the two ways back into it: a zip and the trash."""

import hashlib

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
    """What `matching` is asked for, and the "order"."""
    words, backend, data, state, order = st.columns([3, 2, 2, 2, 2], vertical_alignment="bottom")
    with words:
        typed = st.text_input("Find", key="runs-words", placeholder="name, note, seed 1 …")
    with backend:
        backends = _several("Backend", {entry.backend for entry in entries}, backend_labels.label)
    with data:
        sets = _several("Data", {entry.data for entry in entries}, _data_label)
    with state:
        states = _several("State", {entry.state for entry in entries}, lambda name: STATES[name][0])
    with order:
        first = st.selectbox("Order", list(ORDERS), key="runs-order")
    return {"words": typed, "backends": backends, "data": sets, "states": states, "order": first}


def chosen(lab: Lab, entries: list[Entry], all_of_them: int) -> list[Entry]:
    """The rows that are ticked in the table. They stay ticked when others come, go or move."""
    ids = [entry.id for entry in entries]
    result = (
        f"**{len(entries):,}** of {all_of_them:,} runs" if len(entries) < all_of_them else f"**{all_of_them:,}** runs"
    )
    st.markdown(
        f":small[Tick the boxes in front of the runs; with the keyboard, Shift and Space on a row.]  \n{result}"
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
    """What was deleted last can be brought back at once."""
    if not lab.deleted:
        return
    words = "1 run is" if len(lab.deleted) == 1 else f"{len(lab.deleted)} runs are"
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="undo"):
        st.markdown(f"{words} in the trash now.", width="content")
        if st.button("Undo", key="undo-delete", type="primary"):
            lab.chosen, gone = list(lab.deleted), lab.deleted
            lab.deleted = []
            _bring_back(gone)


def trash_can() -> None:
    gone = trash.deleted()
    if not gone:
        return
    with st.expander(f"Trash ({len(gone)})"):
        back = st.multiselect("Deleted runs", gone, key="trash", placeholder="Choose runs")
        if st.button("Bring them back", key="restore", disabled=not back):
            _bring_back(back)
        with st.popover("Empty the trash"):
            st.markdown(f"{len(gone)} runs with all their curves and weights are gone then, for good.")
            if st.button("Delete for good", key="empty"):
                trash.empty()
                st.rerun()


def bring_in(lab: Lab) -> None:
    """Runs out of a zip that was exported here or elsewhere."""
    with st.expander("Import runs"):
        st.markdown(
            "A zip of runs, as **Export** makes it. Runs that are here already are never overwritten. One that is too "
            f"large to upload can be unpacked into `{runs_folder()}` by hand."
        )
        with st.form("import", clear_on_submit=True, border=False):
            file = st.file_uploader("A zip of runs", type="zip", key="import-file")
            sent = st.form_submit_button("Import")
        if not sent:
            return
        if file is None:
            st.warning("Choose a zip first.")
            return
        try:
            new = unpack(file.getvalue())
        except RunError as error:
            st.error(f"{file.name} was not imported: {sentence(str(error))}")
        else:
            st.toast(f"{len(new)} {'run is' if len(new) == 1 else 'runs are'} imported.")
            lab.chosen = new
            st.rerun()


def _bring_back(ids: list[str]) -> None:
    try:
        for run_id in ids:
            trash.restore(run_id)
    except RunError as error:
        st.error(sentence(str(error)))
    else:
        st.rerun()


def _several(label: str, names: set[str], words) -> list[str]:
    return st.multiselect(label, sorted(names), format_func=words, key=f"runs-{label.lower()}", placeholder="all")


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
    """Of a data set, also of one that is not known here."""
    try:
        return catalogue.describe(name).label
    except DataError:
        return name
