"""What can be done with chosen runs: name, annotate, take elsewhere, delete."""

from urllib.parse import urljoin

import streamlit as st

from core.experiment import links
from core.runs import export, notes, trash
from core.runs.folder import Run, RunError
from core.runs.notes import Notes
from pages.parts.runs.runs_view import STATES, label
from pages.parts.session.state import Lab
from pages.ui.formatting import moment, plain, sentence


def name_and_note(run: Run) -> None:
    said, (words, color) = notes.read(run.path), STATES[run.status().state]
    st.header(plain(said.name or run.experiment.title or "untitled"))
    st.markdown(
        f"**{label(run)}** on {run.device} · {moment(run.created, st.context.timezone)} · :{color}-badge[{words}]  \n"
        f":small[folder `{run.id}`]"
    )
    if reason := run.status().reason:
        st.info(plain(sentence(reason)))
    with st.form(f"notes-{run.id}", border=False):
        name = st.text_input("Name", said.name, key=f"name-{run.id}", placeholder=run.experiment.title or "untitled")
        text = st.text_area(
            "Note", said.text, key=f"note-{run.id}", height=90, placeholder="What did you learn from it?"
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
    """As a file, as a link, and where else it can be looked at."""
    word = links.to_word(run.experiment)
    with st.container(horizontal=True):
        st.download_button(
            "Experiment as JSON", run.experiment.to_json(), f"{run.id}.json", "application/json", key=f"json-{run.id}"
        )
        if st.button("Open in Build", key=f"build-{run.id}"):
            st.switch_page("pages/lab/build.py", query_params={"experiment": word})
        if st.button("Show in Train", key=f"train-{run.id}"):
            lab.group = run.group
            st.switch_page("pages/lab/train.py")
    with st.expander("Experiment as a link"):
        st.markdown(
            "Whoever opens it finds this experiment in Build, on their own ConvScope too: the link holds all of it."
        )
        st.code(urljoin(st.context.url or "/", "build") + f"?experiment={word}", language=None, wrap_lines=True)


def exports(runs: list[Run]) -> None:
    """Made when they are asked for, not before."""
    many = runs[0].id if len(runs) == 1 else f"{len(runs)}-runs"
    key = f"{many}-{runs[0].id}"
    with st.popover("Export"):
        st.markdown(f"{'This run' if len(runs) == 1 else f'These {len(runs)} runs'} as a file:")
        for words, end, kind, made in (
            ("Everything, as a zip", "zip", "application/zip", export.archive),
            ("Losses, as CSV", "steps.csv", "text/csv", export.steps_csv),
            ("Epochs, as CSV", "epochs.csv", "text/csv", export.epochs_csv),
            ("For TensorBoard", "tensorboard.zip", "application/zip", export.tensorboard),
        ):
            st.download_button(
                words,
                lambda made=made: made(runs),
                f"{many}.{end}",
                kind,
                key=f"export-{end}-{key}",
                on_click="ignore",
                width="stretch",
            )


def delete_button(lab: Lab, runs: list[Run]) -> None:
    many = "this run" if len(runs) == 1 else f"these {len(runs)} runs"
    if not st.button(f"Delete {many}", key="delete"):
        return
    gone, refused = [], []
    for run in runs:
        try:
            trash.delete(run)
            gone.append(run.id)
        except RunError as error:
            refused.append(sentence(str(error)))
    lab.deleted = gone or lab.deleted
    if not refused:
        st.rerun()
    st.error(" ".join(refused))
