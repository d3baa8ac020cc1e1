"""Draw and show: an image that no data set has, and what one network or several answer."""

from time import perf_counter

import numpy as np
import streamlit as st

from backends.executors.local import executor
from core.arrays import Array
from core.backend import BackendError
from core.data.dataset import DataError
from core.data.new_image import INK_BOXES
from core.explain.questions import Predict
from core.figures.answer_bars import answer_bars
from core.figures.gallery import gallery
from core.runs import ensemble
from core.runs.folder import Run, RunError, all_runs
from pages.parts.explore.image_picker import DRAW, Picked, can_be_drawn, image_picker
from pages.parts.explore.subject import Subject
from pages.parts.runs.run_names import distinct
from pages.parts.runs.runs_picker import run_labels
from pages.recorded import shipped
from pages.ui import backend_labels
from pages.ui.formatting import plain, seconds_of, sentence, share
from pages.ui.number_table import numbers


MOST_BESIDE = 5
TALL = 112
"""The height in pixels of the given image and of what is made of it."""
SURE, UNSURE = 0.9, 0.5


def show(subject: Subject) -> None:
    if not can_be_drawn(subject):
        channels, rows, columns = subject.shape
        st.info(f"This network takes {channels} × {rows} × {columns} numbers, which are no picture that one can draw.")
        return
    executor().warm(subject.backend)
    st.fragment(_show)(subject, _others(subject))


def _others(subject: Subject) -> dict[str, Run]:
    """The other networks, newest first, that take such images and have the same classes."""
    runs = [*all_runs(), *shipped.shipped().values()]
    return {run.id: run for run in runs if run.path != subject.run.path and _is_like(run, subject)}


def _is_like(run: Run, subject: Subject) -> bool:
    try:
        return (
            run.experiment.network.input_shape == subject.shape
            and run.class_names() == subject.class_names
            and run.snapshot() is not None
        )
    except (RunError, DataError):
        return False


def _show(subject: Subject, others: dict[str, Run]) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        picked = image_picker(subject, f"draw-{subject.run.id}", DRAW, can_skip=True)
    with right:
        images, answer = st.container(), st.container()
        beside = _beside(subject, others)
    if picked is None:
        images.markdown("The network answers as soon as you lift the pen.")
        return
    with images:
        _what_it_gets(picked, subject)
    with answer if not beside else st.container():
        _answers([subject, *beside], picked)


def _beside(subject: Subject, others: dict[str, Run]) -> list[Subject]:
    if not others:
        st.caption("Train another network with the same classes, and both can answer side by side.")
        return []
    chosen = st.multiselect(
        "Answer beside it",
        list(others),
        key=f"draw-beside-{subject.run.id}",
        format_func=run_labels(others).__getitem__,
        max_selections=MOST_BESIDE,
        placeholder="Networks with the same classes",
    )
    return [Subject(others[run_id], None, subject.backend) for run_id in chosen]


def _what_it_gets(picked: Picked, subject: Subject) -> None:
    """The image as it was given, what the network gets, and what was done in between."""
    new = picked.new
    shown = [(picked.image, "What the network gets")]
    if new is not None and not (new.given.shape == picked.image.shape and np.array_equal(new.given, picked.image)):
        shown.insert(0, (new.given, "As given"))
    with st.container(horizontal=True, gap="medium"):
        for image, caption in shown:
            st.html(gallery(image[None], [caption], [f"{picked.origin}: {caption.lower()}"], TALL), width="content")
    if new is None:
        return
    for remark in new.remarks:
        st.markdown(f":small[{remark}]")
    if not new.remarks:
        st.markdown(":small[Nothing was done to it.]")
    if new.warnings:
        unprepared = subject.run.experiment.data.name in INK_BOXES and not st.session_state.get(
            f"draw-{subject.run.id}-prepare", True
        )
        hint = "\n\nSwitch on *Prepare it like the network's data*." if unprepared else ""
        st.warning(" ".join(new.warnings) + hint)


def _answers(subjects: list[Subject], picked: Picked) -> None:
    start = perf_counter()
    try:
        each = [it.ask(Predict(), images=it.scaled(picked.image[None]))["probabilities"] for it in subjects]
    except (BackendError, RunError, DataError) as error:
        st.error(sentence(str(error)))
        return
    took = perf_counter() - start
    names, class_names = _names([it.run for it in subjects]), subjects[0].class_names
    if len(each) > 1:
        names, each = [*names, f"Vote of all {len(each)}"], [*each, ensemble.voted(each)]
    columns = st.columns(min(3, len(each))) if len(each) > 1 else [st.container()]
    for number, (name, probabilities) in enumerate(zip(names, each, strict=True)):
        with columns[number % len(columns)].container(border=True):
            if len(each) > 1:
                st.markdown(f"**{plain(name)}**")
            st.markdown(_verdict(probabilities[0], class_names, picked.label))
            st.html(answer_bars(probabilities[0], class_names, f"Probability of each class: {name}"))
    st.caption(f"{backend_labels.label(subjects[0].backend)} answered in {seconds_of(took)}.")
    table = dict(zip(names, (one[0] for one in each), strict=True))
    numbers("The probabilities as a table", {"class": class_names, **table}, f"drawn-{subjects[0].run.id}")


def _names(runs: list[Run]) -> list[str]:
    """A shipped network has a title; runs have names that differ."""
    own = [run for run in runs if not shipped.is_shipped(run)]
    names = dict(zip([run.path for run in own], distinct(own), strict=True))
    return [names[run.path] if run.path in names else shipped.card(run).title for run in runs]


def _verdict(probabilities: Array, names: tuple[str, ...], label: int | None) -> str:
    """ "It says 3, with 98.2 %. Next comes 8 with 1.1 %." """
    best, second = np.argsort(-probabilities, kind="stable")[:2]
    top = probabilities[best]
    says = "It says" if top >= SURE else "It rather says" if top >= UNSURE else "It cannot decide, and says"
    text = f"{says} **{plain(names[best])}**, with {share(top)}. Next comes {plain(names[second])} with "
    text += f"{share(probabilities[second])}."
    if label is None:
        return text
    return text + (" :green[✓ right]" if best == label else f" :orange[✗ it is {plain(names[label])}]")
