"""Which runs a page looks at: a group that was started together, kept in the link."""

import streamlit as st

from core.runs.folder import Run
from pages.parts.runs_view import label
from pages.parts.state import Lab
from pages.parts.words import ago


def groups(runs: list[Run]) -> dict[str, list[Run]]:
    """Newest first."""
    found: dict[str, list[Run]] = {}
    for run in runs:
        found.setdefault(run.group, []).append(run)
    return found


def group_picker(lab: Lab, runs: list[Run]) -> list[Run]:
    """The group in the link, else the one last looked at, else the newest; [] when there is none at all."""
    found = groups(runs)
    if not found:
        return []
    asked = lab.group or st.query_params.get("group")
    lab.group = asked if asked in found else next(iter(found))
    if asked and asked not in found:
        st.warning(f"There is no run {asked!r} any more; these are the newest.")

    # A key of its own for each group: what the browser still holds of the last one can never bring that one back.
    key = f"group-{lab.group}"

    def look_at():
        lab.group = st.session_state[key]

    options = list(found)
    st.selectbox(
        "Runs",
        options,
        index=options.index(lab.group),
        key=key,
        on_change=look_at,
        format_func=lambda group: group_label(found[group]),
    )
    if st.query_params.get("group") != lab.group:
        st.query_params["group"] = lab.group
    return found[lab.group]


def group_label(runs: list[Run]) -> str:
    many = f"{len(runs)} backends" if len(runs) > 1 else label(runs[0])
    return f"{runs[0].experiment.title or 'untitled'} · {ago(runs[-1].created)} · {many}"
