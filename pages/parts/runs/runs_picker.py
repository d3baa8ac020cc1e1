"""Chooses the runs a page shows: a group of runs started together, kept in the page's address."""

from zlib import crc32

import streamlit as st

from core.runs.folder import Run
from core.runs.notes import read
from pages.parts.session.state import Lab
from pages.ui import backend_labels
from pages.ui.formatting import moment, plain, unique_labels
from pages.ui.page_script import address


def groups(runs: list[Run]) -> dict[str, list[Run]]:
    """{group: runs}, newest group first."""
    result: dict[str, list[Run]] = {}
    for run in runs:
        result.setdefault(run.group, []).append(run)
    return result


def side_by_side(result: dict[str, list[Run]]) -> str:
    """The newest group that trained one experiment more than once; if there is none, the newest of all."""
    repeated = (group for group, runs in result.items() if len({run.experiment.hash for run in runs}) < len(runs))
    return next(repeated, next(iter(result)))


def group_picker(lab: Lab, runs: list[Run]) -> list[Run]:
    """The group shown last, or else the one in the link, or else the newest; [] if there is none."""
    result = groups(runs)
    if not result:
        return []
    requested = lab.group or st.query_params.get("group")
    lab.group = requested if requested in result else next(iter(result))
    if requested and requested not in result:
        st.warning(f"The run “{plain(requested)}” no longer exists. The newest runs are shown instead.")

    # A separate key for each group and list of groups, so that a value the browser still holds for another list is
    # never taken for a choice from this one.
    options, labels = list(result), group_labels(result)
    key = f"group-{lab.group}-{crc32(repr(labels).encode()):08x}"

    def change_group():
        if (chosen := st.session_state.get(key)) in result:
            lab.group = chosen

    st.selectbox(
        "Runs",
        options,
        index=options.index(lab.group),
        key=key,
        on_change=change_group,
        format_func=labels.__getitem__,
    )
    address("group", lab.group)
    return result[lab.group]


def group_labels(result: dict[str, list[Run]]) -> dict[str, str]:
    """Labels that never change for a group, since select boxes identify an entry by its label."""
    return unique_labels({group: _group_label(runs) for group, runs in result.items()})


def run_labels(runs: dict[str, Run]) -> dict[str, str]:
    """Labels with the name given on the Runs page, or else the experiment's title."""
    return unique_labels(
        {
            run_id: f"{backend_labels.label(run.backend)} · {_title_and_time(run, read(run.path).name)}"
            for run_id, run in runs.items()
        }
    )


def _group_label(runs: list[Run]) -> str:
    backends = {run.backend for run in runs}
    count = f"{len(runs)} runs" if len(runs) > len(backends) else f"{len(runs)} backends"
    count = backend_labels.label(runs[0].backend) if len(runs) == 1 else count
    return f"{_title_and_time(runs[-1])} · {count}"


def _title_and_time(run: Run, name: str = "") -> str:
    return f"{name or run.experiment.title or 'untitled'} · {moment(run.created, st.context.timezone)}"
