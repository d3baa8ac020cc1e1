"""What Compare says about runs: sentences and tables made of what `core.runs.comparison` finds."""

from itertools import combinations

import streamlit as st

from core.experiment.experiment import Experiment
from core.figures.curves import Line, apart
from core.runs.comparison import differences, first_divergence, what_differs
from core.runs.folder import Run
from pages.parts.runs.run_names import distinct
from pages.parts.runs.runs_view import line
from pages.ui.live_chart import chart
from pages.ui.tables import numbers_table, table


FIRST_STEPS = 5
ALL_PAIRS = 4
"""Of up to so many runs every pair has its sentence; of more, each beside the first."""


def partings(runs: list[Run], tolerance: float) -> None:
    """One sentence a pair, with the numbers."""
    sentences = []
    named = list(zip(distinct(runs), runs, strict=True))
    pairs = list(combinations(named, 2)) if len(runs) <= ALL_PAIRS else [(named[0], other) for other in named[1:]]
    for (first, a), (second, b) in pairs:
        both = min(len(a.reading.losses), len(b.reading.losses))
        parting = first_divergence(a.curve(), b.curve(), tolerance)
        if parting is None:
            sentences.append(
                f"**{first}** and **{second}** stay within {tolerance:g} over all {both:,} steps that both made."
            )
        else:
            sentences.append(
                f"**{first}** and **{second}** part at **step {parting.step:,}**: {parting.first:.9g} and "
                f"{parting.second:.9g}, a relative difference of {parting.relative:.3g}."
            )
    st.markdown("\n".join(f"- {sentence}" for sentence in sentences))
    if len(runs) > ALL_PAIRS:
        st.markdown(f":small[Of more than {ALL_PAIRS} runs, each is compared with the first one alone.]")


def difference_chart(runs: list[Run], tolerance: float) -> None:
    """Each run against the first one, in its own colour and dash."""
    words = distinct(runs)
    lines: list[Line] = []
    for run, word in zip(runs[1:], words[1:], strict=True):
        steps, values = differences(runs[0].curve(), run.curve())
        lines.append(line(run, steps, values, f"{word} against {words[0]}"))
    key = "-".join(["apart", *(run.id for run in runs)])
    ends = "; ".join(f"{l.label} {l.y[-1]:.2g} at step {l.x[-1]:,}" for l in lines if len(l.x))
    chart(
        apart(lines, tolerance),
        key,
        "How far apart: on this logarithmic axis a straight rise is exponential growth (equal losses have no point)",
        f"Relative difference of the losses over steps. {ends}.",
    )
    curves = {l.label: (l.x, l.y) for l in lines}
    numbers_table("Show every difference as a table", lambda: curves, "differences.csv", key)


def first_steps(runs: list[Run]) -> None:
    """Python's repr: as many digits as tell the number from every other one."""
    columns = {word: run.reading.losses[:FIRST_STEPS] for word, run in zip(distinct(runs), runs, strict=True)}
    most = max(len(values) for values in columns.values())
    rows = [
        [f"**{step + 1}**", *(f"`{values[step]!r}`" if step < len(values) else "–" for values in columns.values())]
        for step in range(most)
    ]
    table(["step", *columns], rows, "The losses of the first steps with all their digits")


def what_was_different(runs: list[Run]) -> None:
    fields_that_differ([run.experiment for run in runs], distinct(runs))


def fields_that_differ(experiments: list[Experiment], words: list[str]) -> None:
    """One column an experiment, with the words above it."""
    if len({experiment.hash for experiment in experiments}) == 1:
        st.markdown(
            f"Only the backend: all of them ran experiment `{experiments[0].hash}`, the same to the last field."
        )
        return
    rows = [[f"`{field}`", *values] for field, values in what_differs(experiments)]
    table(["field", *words], rows, "Fields of the experiments that differ")
