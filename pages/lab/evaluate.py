"""Evaluate: how good a finished run is, what it gets wrong, and how confident it is."""

import streamlit as st

from core.data import catalogue
from core.data.dataset import DataError
from core.metrics.evaluation import Evaluation
from core.runs import ensemble, predictions
from core.runs.folder import Run, all_runs
from core.runs.predictions import Predictions
from pages.parts.evaluate.baselines_view import PARTS, bars, parts_beside_baselines
from pages.parts.evaluate.calibration_view import calibration, guesses, hardest_images, refusing
from pages.parts.evaluate.class_view import averages, one_against_the_rest, per_class
from pages.parts.evaluate.confusion_view import confusion_matrix
from pages.parts.evaluate.robustness_view import on_changed_images
from pages.parts.evaluate.vote_view import vote_with_others
from pages.parts.runs.runs_picker import run_labels
from pages.parts.session.state import Lab, lab
from pages.ui.formatting import plain
from pages.ui.page_script import address


def page(lab: Lab) -> None:
    st.title("Evaluate")
    st.markdown(
        "A single number never tells you how good a network is. Compare it with guessing, look at what it confuses, "
        "and check how confident it was.",
        width=720,
    )
    everything = all_runs()
    run = choose(lab, everything)
    if run is None:
        return
    kept = predictions.kept(run.predictions_path)
    if not kept:
        st.info(why_nothing(run))
        st.page_link("pages/lab/train.py", label="Go to Train")
        return
    st.header("Compared with guessing")
    parts_beside_baselines(run)
    part = st.radio("Details for", kept[::-1], key=f"part-{run.id}", format_func=PARTS.__getitem__, horizontal=True)
    recording = predictions.load(run.predictions_path, part)
    judged = None
    if recording is not None:
        judged = Evaluation(recording.logits, recording.labels, run.experiment.training.loss)
    if recording is None or judged is None or not judged.readable:
        st.error(f"The predictions for the {PARTS[part].lower()} images cannot be read. Train the run again.")
        return
    key, data = f"{run.id}-{part}", run.experiment.data.name
    bars(judged, recording, key)
    st.header("Vote of several networks")
    vote = vote_with_others(run, recording, part, everything)
    if (
        vote is not None
        and st.radio("Details of", ["The vote", "This run"], key="judged", horizontal=True) == "The vote"
    ):
        details(Evaluation(vote.logits, vote.labels, ensemble.LOSS), vote, data, f"{key}-vote", run)
    else:
        details(judged, recording, data, key, run)
    if (tested := predictions.load(run.predictions_path, "test")) is not None:
        st.header("Robustness to altered images")
        on_changed_images(run, everything, int(tested.rows[0]))


def details(judged: Evaluation, result: Predictions, data: str, key: str, run: Run) -> None:
    names = class_names(data, judged.classes)
    st.header("What it confuses")
    st.fragment(confusion_matrix)(judged, names, result.rows, data, key, run)
    st.header("Scores per class")
    per_class(judged, names, key)
    averages(judged, key)
    st.header("One class against the rest")
    st.fragment(one_against_the_rest)(judged, names, key)
    st.header("Calibration: is it as confident as it is accurate?")
    calibration(judged, key)
    st.header("Rejecting uncertain answers")
    st.fragment(refusing)(judged, key)
    st.header("Top-k accuracy")
    guesses(judged, key)
    st.header("The hardest images")
    hardest_images(judged, names, result.rows, data, key, run)


def choose(lab: Lab, everything: list[Run]) -> Run | None:
    """The run in the link, or else one of the group shown last, or else the newest that has ended."""
    ended = {run.id: run for run in everything if run.status().ended}
    if not ended:
        st.info("There is nothing to evaluate yet: no run has ended.")
        st.page_link("pages/lab/train.py", label="Train a network first")
        return None
    candidates = [run_id for run_id, run in ended.items() if predictions.kept(run.predictions_path)] or list(ended)
    in_group = [run_id for run_id in candidates if ended[run_id].group == lab.group]
    linked = st.query_params.get("run")
    first = linked if linked in ended else (in_group or candidates)[0]
    if linked and linked not in ended:
        st.warning(f"There is no finished run “{plain(linked)}” here. Another run is shown instead.")
    options = list(ended)
    chosen = st.selectbox(
        "Run",
        options,
        index=options.index(first),
        key="evaluated",
        format_func=run_labels(ended).__getitem__,
        width=640,
    )
    address("run", chosen)
    return ended[chosen]


def why_nothing(run: Run) -> str:
    state = run.status().state
    if state == "finished":
        return (
            "This run is from a version of ConvScope that did not store predictions. Train the same experiment again "
            "to evaluate it."
        )
    return f"This run is {state}. Predictions are stored when a run finishes: resume it in Train."


def class_names(data: str, classes: int) -> tuple[str, ...]:
    """The data set's class names, or numbers if the catalogue does not list the data set."""
    try:
        return catalogue.describe(data).class_names
    except DataError:
        return tuple(map(str, range(classes)))


page(lab())
