"""The differences between the draft and another network, side by side."""

import streamlit as st

from core.data.dataset import DataError
from core.drafts.draft import Draft
from core.drafts.validation import Report
from core.experiment import presets
from core.experiment.experiment import ExperimentError
from core.network.costs import Cost
from core.network.diff import Pair, difference
from core.network.network import Network
from core.runs.folder import RunError, all_runs
from pages.parts.runs.runs_picker import run_labels
from pages.parts.session.state import Lab
from pages.parts.train.experiment_upload import read
from pages.ui.formatting import plain
from pages.ui.inputs import bound


OTHERS = {
    "preset": "the preset it started from",
    "opened": "the network at the start of this visit",
    "trained": "the network trained last",
    "run": "the network of a run",
    "file": "a file",
}
MOST_RUNS = 200


def difference_view(lab: Lab, report: Report) -> None:
    with st.expander("What changed"):
        if report.sound is None:
            st.markdown("Fix the errors above to compare the network.")
            return
        other = _other(lab)
        if other is not None:
            _shown(other, report.sound.network)


def _other(lab: Lab) -> Network | None:
    """The network to compare with; None if it has not been chosen yet."""
    options = [
        name
        for name in OTHERS
        if not (name == "preset" and lab.draft.origin is None) and not (name == "trained" and lab.trained is None)
    ]
    bound(
        st.selectbox,
        "Compare with",
        lab.against if lab.against in options else options[0],
        lambda name: setattr(lab, "against", name),
        f"against-{len(options)}",
        options=options,
        format_func=OTHERS.get,
    )
    match lab.against if lab.against in options else options[0]:
        case "preset":
            return _of_preset(lab.draft)
        case "opened" if lab.opened:
            return lab.opened.network
        case "trained" if lab.trained:
            return lab.trained.network
        case "run":
            return _of_run()
        case "file":
            return _of_file()
    return None


def _of_preset(draft: Draft) -> Network | None:
    try:
        return presets.experiment(draft.origin or "", draft.data["name"]).network
    except (ExperimentError, DataError) as error:
        st.markdown(plain(str(error)))
        return None


def _of_run() -> Network | None:
    labels = run_labels({run.path.name: run for run in all_runs()[:MOST_RUNS]})
    if not labels:
        st.markdown("There are no runs yet.")
        return None
    name = st.selectbox("Run", list(labels), format_func=labels.__getitem__, key="against-run")
    try:
        return next(run.experiment.network for run in all_runs() if run.path.name == name)
    except (RunError, ExperimentError, StopIteration) as error:
        st.error(f"This run cannot be read: {error}")
        return None


def _of_file() -> Network | None:
    file = st.file_uploader("An experiment as JSON", type="json", key="against-file", max_upload_size=1)
    if file is None:
        return None
    try:
        return read(file.getvalue()).network
    except (ExperimentError, DataError) as error:
        st.error(f"{plain(file.name)} could not be read: {plain(str(error))}")
        return None


def _shown(before: Network, after: Network) -> None:
    pairs = difference(before, after)
    if before.input_shape != after.input_shape:
        was, now = (" × ".join(map(str, network.input_shape)) for network in (before, after))
        st.markdown(f"It takes images of shape {now}; the other network takes {was}.")
    st.markdown(_summary(pairs))
    if rows := [_row(pair) for pair in pairs if pair.words or pair.parameters]:
        st.dataframe(rows, hide_index=True)


def _summary(pairs: list[Pair]) -> str:
    """How many layers were added, removed and changed, and the change in parameters."""
    added, removed = (sum(getattr(pair, side) is None for pair in pairs) for side in ("before", "after"))
    changed = sum(bool(pair.words) for pair in pairs) - added - removed
    total = sum(pair.parameters for pair in pairs)
    counts = [
        f"{count} {word}" for count, word in ((added, "added"), (removed, "removed"), (changed, "changed")) if count
    ]
    more = f"{abs(total):,} {'more' if total > 0 else 'fewer'} parameters" if total else "the same number of parameters"
    return f"{', '.join(counts) or 'No layer changed'}: {more}."


def _row(pair: Pair) -> dict:
    return {
        "before": _name(pair.before),
        "now": _name(pair.after),
        "what changed": "; ".join(pair.words) or "only its input",
        "parameters before": f"{pair.before.parameters:,}" if pair.before else "",
        "parameters now": f"{pair.after.parameters:,}" if pair.after else "",
        "difference": f"{pair.parameters:+,}" if pair.parameters else "0",
    }


def _name(cost: Cost | None) -> str:
    return cost.step.layer.name if cost else "–"
