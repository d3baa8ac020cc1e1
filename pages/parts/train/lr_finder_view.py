"""Find a rate: a short real run whose rate rises, its loss over the rate, and one click that takes what it suggests."""

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
"""Its runs lie beside the others in a folder of their own, so the list of runs does not know them; the newest are kept."""
TICK = 0.3


def rate_finder(lab: Lab, experiment: Experiment | None) -> None:
    there = experiment and part_sizes(experiment)
    to = LOWEST * TIMES
    st.markdown(
        f":small[{STEPS} steps of this very network, with a rate that rises from {LOWEST:g} to {to:g}: too small, it "
        "does not learn; too large, it blows up. Suggested is a tenth of the rate at which the smoothed loss is the lowest.]"
    )
    name = next(iter(lab.backends), None)
    wanted = _wanted(experiment, there) if experiment and there else None
    words = f"Try the rates in {backend_labels.label(name)}" if name else "Try the rates"
    if st.button(words, key="find-rate", disabled=not name or wanted is None, width="stretch") and name and wanted:
        _begin(lab, wanted, name)
    if lab.finding is not None:
        now = TICK if not lab.finding.status().ended else None
        st.fragment(_show, run_every=now)(lab, wanted, now)


def _wanted(experiment: Experiment, there: Sizes) -> Experiment | None:
    try:
        return finder(experiment, there)
    except ExperimentError:
        return None  # the page says what is wrong where it is typed


def _begin(lab: Lab, wanted: Experiment, name: str) -> None:
    folder = runs_folder() / FOLDER
    for old in [run for run in all_runs(folder) if run.status().ended][KEPT:]:
        shutil.rmtree(old.path, ignore_errors=True)
    try:
        lab.finding = executor().start(wanted, name, lab.devices.get(name, "cpu"), folder=folder)
    except (RunError, BackendError) as error:
        st.error(f"The rates cannot be tried: {error}")


def _show(lab: Lab, wanted: Experiment | None, now: float | None) -> None:
    run = lab.finding
    status = run.status()
    if (TICK if not status.ended else None) != now:
        st.rerun()
    result = suggest(run.experiment, run.curve()[1])
    if len(result.rates):
        _image(run, result)
    if not status.ended:
        st.markdown(f":small[{_how_far(run, status)}]")
        st.button("Stop", key=f"stop-{run.id}", on_click=run.ask, args=("stop",))
        return
    st.markdown(_verdict(status, result))
    if wanted is not None and wanted.hash != run.experiment.hash:
        st.markdown(":small[The recipe has changed since: try the rates again.]")
    if result.suggested and st.button(f"Take {result.suggested:g}", key=f"take-{run.id}", type="primary"):
        lab.draft.set_rate(result.suggested)
        st.rerun()  # the whole page: the rate stands elsewhere on it


def _how_far(run: Run, status: Status) -> str:
    if status.state == "waiting":
        return f"{backend_labels.label(run.backend)} is busy with another run; the rates come next."
    return f"Step {status.step} of {STEPS}." if status.step else f"{backend_labels.label(run.backend)} is starting."


def _image(run: Run, result: Suggestion) -> None:
    at = f"; {result.suggested:g} is suggested" if result.suggested else ""
    alt = f"Loss over rates from {result.rates[0]:.2g} to {result.rates[-1]:.2g}{at}."
    figure = tried_rates(result.rates, result.losses, result.smooth, result.suggested)
    chart(figure, f"rates-tried-{run.id}", "The loss at each rate", alt, 260)


def _verdict(status: Status, result: Suggestion) -> str:
    blown = status.state == "failed" and len(result.rates) > 0
    end = f" Beyond {result.rates[-1]:.2g} it blew up, as it should." if blown else ""
    if result.suggested:
        return f"The smoothed loss is lowest at {result.lowest:.2g}; a tenth of that is **{result.suggested:g}**.{end}"
    if status.state == "failed" and not blown:
        return sentence(status.reason)
    if status.state == "stopped":
        return "It was stopped before the loss fell."
    return f"The loss did not fall at any rate: look at the network and its first weights.{end}"
