"""Explore: one network, looked at from all sides: at work, inside, asked why, drawn for, and broken."""

import streamlit as st

import backends
from core.backend import BackendError
from core.data.dataset import DataError
from core.runs.folder import Run, RunError, all_runs
from pages.parts.explore import break_view, draw_view, inside_view, living_view, why_view
from pages.parts.explore.subject import Subject
from pages.parts.runs.runs_picker import run_labels
from pages.recorded import shipped
from pages.ui import backend_labels
from pages.ui.formatting import plain
from pages.ui.page_script import address
from pages.ui.stage import wide
from pages.widgets.explain.living_network import fits


VIEWS = {
    "network": ("Network", living_view.show),
    "inside": ("Look inside", inside_view.show),
    "why": ("Why this answer", why_view.show),
    "draw": ("Draw and show", draw_view.show),
    "break": ("Break it", break_view.show),
}
"""In the address -> the label, and what shows it."""


def page() -> None:
    wide()
    st.title("Explore")
    settings = st.container(horizontal=True, vertical_alignment="bottom", gap="medium")
    with settings:
        run = choose()
    if run is None:
        st.info("There is no network to look at yet: no run has weights.")
        st.page_link("pages/lab/train.py", label="Train a network first")
        return
    view = choose_view()
    with settings:
        subject = Subject(run, step_of(run, view), answering(run, view))
    try:
        VIEWS[view][1](subject)
    except (RunError, DataError, BackendError) as error:
        st.error(plain(str(error)))


def choose() -> Run | None:
    """A run that has weights, or a shipped network; the one in the link first."""
    networks = shipped.shipped()
    runs = {run.id: run for run in all_runs() if run.remembered()}
    options = {**runs, **networks}
    labels = run_labels(runs) | {
        name: f"{shipped.card(run).title} (comes with ConvScope)" for name, run in networks.items()
    }
    if not options:
        return None
    linked = st.query_params.get("run")
    if linked and linked not in options:
        st.warning(f"There is no run “{plain(linked)}” with weights here. Another network is shown instead.")
    first = linked if linked in options else next(iter(options))
    chosen = st.selectbox(
        "Network",
        list(options),
        index=list(options).index(first),
        key="explored",
        format_func=labels.__getitem__,
        width=440,
    )
    address("run", chosen)
    return options[chosen]


def choose_view() -> str:
    linked = st.query_params.get("view")
    chosen = st.segmented_control(
        "View",
        list(VIEWS),
        default=linked if linked in VIEWS else "network",
        key="explore-view",
        format_func=lambda name: VIEWS[name][0],
        label_visibility="collapsed",
        required=True,
    )
    address("view", chosen)
    return chosen


def step_of(run: Run, view: str) -> int | None:
    """The remembered step to look at; the network and its inside have their own sliders."""
    steps = run.remembered()
    if view in ("network", "inside") or len(steps) < 2:
        return None
    linked = st.query_params.get("step", "")
    first = int(linked) if linked.isdecimal() and int(linked) in steps else steps[-1]
    step = st.select_slider("Training step", steps, first, key=f"explore-step-{run.id}", width=260)
    address("step", None if step == steps[-1] else str(step))
    return None if step == steps[-1] else step


def answering(run: Run, view: str) -> str:
    """The backend that answers. In the view of the network, the browser does if it can."""
    if view == "network" and fits(run):
        return "reference"
    installed = [name for name in backends.names() if backends.missing(name) is None]
    return st.selectbox(
        "Answered by",
        installed,
        index=installed.index("reference"),
        key="explore-backend",
        format_func=backend_labels.label,
        width=220,
    )


page()
