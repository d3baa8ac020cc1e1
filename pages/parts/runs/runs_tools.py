"""Actions on the selected runs: name, annotate, export, share, delete."""

from functools import partial
from urllib.parse import urljoin

import streamlit as st

from core.experiment import links
from core.runs import export, notes, trash
from core.runs.folder import Run, RunError
from core.runs.notes import Notes
from pages.parts.runs.runs_view import STATES, label as run_label
from pages.parts.session.state import Lab
from pages.ui.formatting import moment, plain, sentence


def name_and_note(run: Run) -> None:
    saved, (state, color) = notes.read(run.path), STATES[run.status().state]
    st.header(plain(saved.name or run.experiment.title or "untitled"))
    st.markdown(
        f"**{run_label(run)}** on {run.device} · {moment(run.created, st.context.timezone)} · :{color}-badge[{state}]  "
        f"\n:small[folder `{run.id}`]"
    )
    if reason := run.status().reason:
        st.info(plain(sentence(reason)))
    with st.form(f"notes-{run.id}", border=False):
        name = st.text_input("Name", saved.name, key=f"name-{run.id}", placeholder=run.experiment.title or "untitled")
        text = st.text_area(
            "Note", saved.text, key=f"note-{run.id}", height=90, placeholder="What did you learn from it?"
        )
        if not st.form_submit_button("Save name and note"):
            return
    try:
        notes.write(run.path, Notes(name, text))
    except RunError as error:
        st.error(sentence(str(error)))
    else:
        st.rerun()


def the_experiment(lab: Lab, run: Run) -> None:
    """The run's experiment as a file, as a link, and in Build and Train."""
    encoded = links.to_word(run.experiment)
    with st.container(horizontal=True):
        st.download_button(
            "Experiment as JSON", run.experiment.to_json(), f"{run.id}.json", "application/json", key=f"json-{run.id}"
        )
        if st.button("Open in Build", key=f"build-{run.id}"):
            st.switch_page("pages/lab/build.py", query_params={"experiment": encoded})
        if st.button("Show in Train", key=f"train-{run.id}"):
            lab.group = run.group
            st.switch_page("pages/lab/train.py")
    with st.expander("Experiment as a link"):
        st.markdown(
            "This link opens the experiment in Build. It contains the whole experiment, so it works on any ConvScope."
        )
        st.code(urljoin(st.context.url or "/", "build") + f"?experiment={encoded}", language=None, wrap_lines=True)


def exports(runs: list[Run]) -> None:
    """Download buttons; a file is created only when its button is pressed."""
    name = runs[0].id if len(runs) == 1 else f"{len(runs)}-runs"
    key = f"{name}-{runs[0].id}"
    with st.popover("Export"):
        st.markdown(f"{'This run' if len(runs) == 1 else f'These {len(runs)} runs'} as a file:")
        for label, suffix, mime, export_runs in (
            ("Everything (zip)", "zip", "application/zip", export.archive),
            ("Losses (CSV)", "steps.csv", "text/csv", export.steps_csv),
            ("Epochs (CSV)", "epochs.csv", "text/csv", export.epochs_csv),
            ("TensorBoard logs (zip)", "tensorboard.zip", "application/zip", export.tensorboard),
        ):
            st.download_button(
                label,
                partial(export_runs, runs),
                f"{name}.{suffix}",
                mime,
                key=f"export-{suffix}-{key}",
                on_click="ignore",
                width="stretch",
            )


def delete_button(lab: Lab, runs: list[Run]) -> None:
    selection = "this run" if len(runs) == 1 else f"these {len(runs)} runs"
    if not st.button(f"Delete {selection}", key="delete"):
        return
    deleted, errors = [], []
    for run in runs:
        try:
            trash.delete(run)
            deleted.append(run.id)
        except RunError as error:
            errors.append(sentence(str(error)))
    lab.deleted = deleted or lab.deleted
    if not errors:
        st.rerun()
    st.error(" ".join(errors))
