"""A run's accuracy on altered images: started here, measured in a separate process, plotted beside other runs."""

from typing import Literal

import numpy as np
import streamlit as st

from backends.executors import robustness_jobs
from backends.executors.command_jobs import Job
from core.data import catalogue
from core.data.dataset import DataError
from core.data.preparation.corruption_levels import CHANGES, Change
from core.data.preparation.corruptions import distorted
from core.figures.gallery import gallery
from core.figures.robustness import accuracy
from core.metrics.robustness import ALL, LEAST_SIDE, MOST, POINTS
from core.runs import robustness
from core.runs.folder import Run
from core.runs.robustness import Robustness
from pages.parts.runs.run_names import distinct
from pages.parts.runs.runs_picker import run_labels
from pages.parts.runs.runs_view import line
from pages.ui import backend_labels
from pages.ui.formatting import moment, sentence, share
from pages.ui.live_chart import chart
from pages.ui.number_table import numbers


TICK = 0.5
SMALL = 44
"""Width of an example in pixels: seven of them fit below a chart in half the page."""
DRAWN = {change.name for change in CHANGES}
"""The changes that can be shown without the network."""


def on_changed_images(run: Run, everything: list[Run], first_row: int) -> None:
    """`first_row`: the row of the test image that is shown as an example."""
    st.markdown(
        f"How well does the network do on its test images (at most the first {MOST:,}) when they are shifted, rotated, "
        "enlarged, reduced, noisy, inverted, or attacked? Where does it fail?",
        width=720,
    )
    if robustness.too_small(run.experiment.network.input_shape):
        st.info(f"These images are smaller than {LEAST_SIDE} × {LEAST_SIDE} pixels, too small to shift or rotate.")
        return
    recording = robustness.load(run.path)
    _measuring(run, recording)
    if recording is not None:
        st.fragment(_results)(run, recording, everything, first_row)


def _measuring(run: Run, measured: Robustness | None) -> None:
    """The progress of the measurement, or the button that starts it."""
    sweep = robustness_jobs.of(run)
    if sweep is not None and not sweep.ended and not sweep.stopped:
        st.fragment(_progress, run_every=TICK)(sweep)
        return
    if sweep is not None and sweep.error:
        st.error(sentence(sweep.error))
    if measured is None and (run.path / robustness.FILE).exists():
        st.warning("The stored results cannot be read. Measure again.")
    if measured is not None and not measured.is_of(run):
        st.warning(f"This was measured after step {measured.step:,}, and the run has trained further. Measure again.")
    label = "Measure" if measured is None else "Measure again"
    kind: Literal["primary", "secondary"] = "primary" if measured is None else "secondary"
    if st.button(label, key=f"measure-changed-{run.id}", type=kind):
        robustness_jobs.start(run)
        st.rerun()


def _progress(sweep: Job) -> None:
    if sweep.ended or sweep.stopped:
        st.rerun()
    if sweep.waits:
        st.progress(0.0, "Waiting until another run has been measured.")
    else:
        text = f"{sweep.done} of {POINTS} accuracies" if sweep.done else "The framework is loading"
        st.progress(sweep.share, text)
    st.button("Stop", key="stop-changed", on_click=sweep.stop)


def _results(run: Run, measured: Robustness, everything: list[Run], first_row: int) -> None:
    when = moment(measured.date, st.context.timezone)
    st.markdown(
        f":small[{measured.images:,} test images, computed by {backend_labels.label(measured.backend)} "
        f"{measured.version} after step {measured.step:,}; {when}. The dotted line is the majority baseline, which "
        f"always predicts the most frequent training class: {share(measured.guessing)}.]"
    )
    runs = [run, *_beside(run, everything)]
    by_run = [(it, swept) for it in runs if (swept := robustness.load(it.path)) is not None]
    for pair in range(0, len(ALL), 2):
        for column, change in zip(st.columns(2, gap="large"), ALL[pair : pair + 2], strict=True):
            with column:
                _change(change, by_run, run, first_row)
    columns = robustness.table([swept for _, swept in by_run], distinct([it for it, _ in by_run]))
    numbers("All accuracies as a table", columns, f"changed-{run.id}")


def _beside(run: Run, everything: list[Run]) -> list[Run]:
    """The other measured runs on the same data that the user has chosen."""
    others = {
        it.id: it
        for it in everything
        if it.id != run.id
        and it.experiment.data.name == run.experiment.data.name
        and (it.path / robustness.FILE).exists()
    }
    if not others:
        st.markdown(":small[Measure another run on the same data to compare it with this one.]")
        return []
    chosen = st.multiselect(
        "Compare with",
        list(others),
        key=f"beside-{run.id}",
        format_func=run_labels(others).__getitem__,
        max_selections=5,
    )
    return [others[run_id] for run_id in chosen]


def _change(change: Change, by_run: list[tuple[Run, Robustness]], run: Run, first_row: int) -> None:
    names = distinct([it for it, _ in by_run])
    lines = [line(it, *swept.curve(change.name), name) for (it, swept), name in zip(by_run, names, strict=True)]
    own = by_run[0][1]
    lowest = own.lowest(change.name)
    title = change.label
    if lowest:
        title += f": from {share(own.clean)} to {share(lowest.accuracy)}"
        title += f" at {change.amount(lowest.strength)}" if change.unit else ""
    reported = "; ".join(f"{l.label}: {', '.join(_values(change, l.x, l.y))}" for l in lines)
    chart(
        accuracy(change, lines, own.guessing),
        f"changed-{change.name}-{run.id}",
        title,
        f"Accuracy over {change.label.lower()}. {reported}.",
        240,
    )
    st.markdown(f":small[{change.sentence}]")
    if change.name in DRAWN:
        _examples(change, run.experiment.data.name, first_row)


def _values(change: Change, strengths: np.ndarray, accuracies: np.ndarray) -> list[str]:
    return [
        f"{share(value)} at {change.amount(strength)}" for strength, value in zip(strengths, accuracies, strict=True)
    ]


def _examples(change: Change, data: str, row: int) -> None:
    """One test image at each strength; nothing if the data are missing, which the page reports elsewhere."""
    try:
        image = catalogue.load(data).images[row : row + 1]
    except DataError:
        return
    strengths = sorted({change.clean, *change.strengths})
    shown = np.concatenate([distorted(image, change.name, strength) for strength in strengths]).astype(np.uint8)
    captions = [f"{strength:g}" if change.unit else change.amount(strength) for strength in strengths]
    alts = [f"a test image, {change.label.lower()} {change.amount(strength)}" for strength in strengths]
    st.html(gallery(shown, captions, alts, SMALL))
