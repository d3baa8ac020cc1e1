"""The learning-rate finder: a short run with a rising learning rate, its loss curve, and a suggestion to use."""

import shutil

import streamlit as st

from backends.executors.local import executor
from core.backend import BackendError
from core.data.part_sizes import Sizes
from core.experiment.experiment import Experiment, ExperimentError
from core.figures.curves import tried_rates
from core.runs.folder import Run, RunError, Status, all_runs, runs_folder
from core.training.lr_finder import LOWEST, STEPS, TIMES, Suggestion, finder, suggest
from pages.parts.session.state import Lab
from pages.parts.train.recipe_pickers import part_sizes
from pages.ui import backend_labels
from pages.ui.formatting import sentence
from pages.ui.live_chart import chart


FOLDER, KEPT = ".rates", 20
"""Its runs are in a separate folder, so that they are not listed with the others; only the newest are kept."""
TICK = 0.3


def rate_finder(lab: Lab, experiment: Experiment | None) -> None:
    sizes = experiment and part_sizes(experiment)
    highest = LOWEST * TIMES
    st.markdown(
        f":small[Trains this network for {STEPS} steps while the learning rate rises from {LOWEST:g} to {highest:g}. "
        "If it is too small, the network does not learn; if it is too large, the loss explodes. The suggestion is a "
        "tenth of the learning rate with the lowest smoothed loss.]"
    )
    name = next(iter(lab.backends), None)
    search = _search(experiment, sizes) if experiment and sizes else None
    label = f"Test learning rates in {backend_labels.label(name)}" if name else "Test learning rates"
    if st.button(label, key="find-rate", disabled=not name or search is None, width="stretch") and name and search:
        _begin(lab, search, name)
    if lab.finding is not None:
        interval = TICK if not lab.finding.status().ended else None
        st.fragment(_show, run_every=interval)(lab, search, interval)


def _search(experiment: Experiment, sizes: Sizes) -> Experiment | None:
    """The finder's experiment; None if it cannot be built, which the page reports beside the invalid field."""
    try:
        return finder(experiment, sizes)
    except ExperimentError:
        return None


def _begin(lab: Lab, search: Experiment, name: str) -> None:
    folder = runs_folder() / FOLDER
    for old in [run for run in all_runs(folder) if run.status().ended][KEPT:]:
        shutil.rmtree(old.path, ignore_errors=True)
    try:
        lab.finding = executor().start(search, name, lab.devices.get(name, "cpu"), folder=folder)
    except (RunError, BackendError) as error:
        st.error(f"The learning-rate finder could not start: {error}")


def _show(lab: Lab, search: Experiment | None, interval: float | None) -> None:
    run = lab.finding
    if run is None:
        return
    status = run.status()
    if (TICK if not status.ended else None) != interval:
        st.rerun()
    result = suggest(run.experiment, run.curve()[1])
    if len(result.rates):
        _chart(run, result)
    if not status.ended:
        st.markdown(f":small[{_progress(run, status)}]")
        st.button("Stop", key=f"stop-{run.id}", on_click=run.ask, args=("stop",))
        return
    st.markdown(_verdict(status, result))
    if search is not None and search.hash != run.experiment.hash:
        st.markdown(":small[The settings have changed since then. Run the finder again.]")
    if result.suggested and st.button(f"Use {result.suggested:g}", key=f"take-{run.id}", type="primary"):
        lab.draft.set_rate(result.suggested)
        st.rerun()  # the whole page, since its learning-rate field is outside this fragment


def _progress(run: Run, status: Status) -> str:
    if status.state == "waiting":
        return f"{backend_labels.label(run.backend)} is busy with another run. The finder comes next."
    return f"Step {status.step} of {STEPS}." if status.step else f"{backend_labels.label(run.backend)} is starting."


def _chart(run: Run, result: Suggestion) -> None:
    suggestion = f"; {result.suggested:g} is suggested" if result.suggested else ""
    alt = f"Loss over learning rates from {result.rates[0]:.2g} to {result.rates[-1]:.2g}{suggestion}."
    figure = tried_rates(result.rates, result.losses, result.smooth, result.suggested)
    chart(figure, f"rates-tried-{run.id}", "The loss at each learning rate", alt, 260)


def _verdict(status: Status, result: Suggestion) -> str:
    exploded = status.state == "failed" and len(result.rates) > 0
    end = f" Above {result.rates[-1]:.2g} the loss exploded, as it should." if exploded else ""
    if result.suggested:
        return f"The smoothed loss is lowest at {result.lowest:.2g}; a tenth of that is **{result.suggested:g}**.{end}"
    if status.state == "failed" and not exploded:
        return sentence(status.reason)
    if status.state == "stopped":
        return "The finder was stopped before the loss fell."
    return f"The loss did not fall at any learning rate. Check the network and its initial weights.{end}"
