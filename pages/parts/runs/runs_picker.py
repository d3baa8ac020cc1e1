"""Which runs a page looks at: a group that was started together, kept in the link."""

from zlib import crc32

import streamlit as st

from core.runs.folder import Run
from core.runs.notes import read
from pages.parts.session.state import Lab
from pages.ui import backend_labels
from pages.ui.formatting import moment, plain, unique_labels
from pages.ui.page_script import address


def groups(runs: list[Run]) -> dict[str, list[Run]]:
    """Newest first."""
    result: dict[str, list[Run]] = {}
    for run in runs:
        result.setdefault(run.group, []).append(run)
    return result


def side_by_side(result: dict[str, list[Run]]) -> str:
    """The newest group in which one experiment was trained more than once; where there is none, the newest of all."""
    twice = (group for group, runs in result.items() if len({run.experiment.hash for run in runs}) < len(runs))
    return next(twice, next(iter(result)))


def group_picker(lab: Lab, runs: list[Run]) -> list[Run]:
    """The group in the link, else the one last looked at, else the newest; [] when there is none at all."""
    result = groups(runs)
    if not result:
        return []
    asked = lab.group or st.query_params.get("group")
    lab.group = asked if asked in result else next(iter(result))
    if asked and asked not in result:
        st.warning(f"There is no run “{plain(asked)}” any more; these are the newest.")

    # A key of its own for each group and each list: what the browser still holds of another one can never be taken for
    # a choice from this one.
    options, labels = list(result), group_labels(result)
    key = f"group-{lab.group}-{crc32(repr(labels).encode()):08x}"

    def look_at():
        if (chosen := st.session_state.get(key)) in result:
            lab.group = chosen

    st.selectbox(
        "Runs",
        options,
        index=options.index(lab.group),
        key=key,
        on_change=look_at,
        format_func=labels.get,
    )
    address("group", lab.group)
    return result[lab.group]


def group_labels(result: dict[str, list[Run]]) -> dict[str, str]:
    """Always the same for the same group: the page knows an entry by its label."""
    return unique_labels({group: _group_label(runs) for group, runs in result.items()})


def run_labels(runs: dict[str, Run]) -> dict[str, str]:
    """By the name that was given on the Runs page, else by the experiment's title."""
    return unique_labels(
        {
            run_id: f"{backend_labels.label(run.backend)} · {_what_and_when(run, read(run.path).name)}"
            for run_id, run in runs.items()
        }
    )


def _group_label(runs: list[Run]) -> str:
    backends = {run.backend for run in runs}
    many = f"{len(runs)} runs" if len(runs) > len(backends) else f"{len(runs)} backends"
    many = backend_labels.label(runs[0].backend) if len(runs) == 1 else many
    return f"{_what_and_when(runs[-1])} · {many}"


def _what_and_when(run: Run, name: str = "") -> str:
    return f"{name or run.experiment.title or 'untitled'} · {moment(run.created, st.context.timezone)}"
