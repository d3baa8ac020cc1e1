"""Compare's sentences, charts and tables about the differences found by `core.runs.comparison`."""

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
"""Up to this many runs are compared in all pairs; with more, each is compared with the first one."""


def divergences(runs: list[Run], tolerance: float) -> None:
    """One sentence per pair of runs, with the numbers."""
    sentences = []
    named = list(zip(distinct(runs), runs, strict=True))
    pairs = list(combinations(named, 2)) if len(runs) <= ALL_PAIRS else [(named[0], other) for other in named[1:]]
    for (first, a), (second, b) in pairs:
        shared = min(len(a.reading.losses), len(b.reading.losses))
        divergence = first_divergence(a.curve(), b.curve(), tolerance)
        if divergence is None:
            sentences.append(
                f"**{first}** and **{second}** stay within {tolerance:g} over all {shared:,} shared steps."
            )
        else:
            sentences.append(
                f"**{first}** and **{second}** diverge at **step {divergence.step:,}**: {divergence.first:.9g} and "
                f"{divergence.second:.9g}, a relative difference of {divergence.relative:.3g}."
            )
    st.markdown("\n".join(f"- {sentence}" for sentence in sentences))
    if len(runs) > ALL_PAIRS:
        st.markdown(f":small[With more than {ALL_PAIRS} runs, each is compared only with the first one.]")


def difference_chart(runs: list[Run], tolerance: float) -> None:
    """The difference of each run from the first one, in the run's colour and dash pattern."""
    names = distinct(runs)
    lines: list[Line] = []
    for run, name in zip(runs[1:], names[1:], strict=True):
        steps, values = differences(runs[0].curve(), run.curve())
        lines.append(line(run, steps, values, f"{name} against {names[0]}"))
    key = "-".join(["apart", *(run.id for run in runs)])
    ends = "; ".join(f"{l.label} {l.y[-1]:.2g} at step {l.x[-1]:,}" for l in lines if len(l.x))
    chart(
        apart(lines, tolerance),
        key,
        "Relative difference: on this logarithmic axis, a straight rise is exponential growth (equal losses are left "
        "out)",
        f"Relative difference of the losses over steps. {ends}.",
    )
    curves = {l.label: (l.x, l.y) for l in lines}
    numbers_table("Show every difference as a table", lambda: curves, "differences.csv", key)


def first_steps(runs: list[Run]) -> None:
    """The first losses as Python's repr, which has enough digits to identify each float uniquely."""
    columns = {name: run.reading.losses[:FIRST_STEPS] for name, run in zip(distinct(runs), runs, strict=True)}
    most = max(len(values) for values in columns.values())
    rows = [
        [f"**{step + 1}**", *(f"`{values[step]!r}`" if step < len(values) else "–" for values in columns.values())]
        for step in range(most)
    ]
    table(["step", *columns], rows, "The losses of the first steps with all their digits")


def what_was_different(runs: list[Run]) -> None:
    fields_that_differ([run.experiment for run in runs], distinct(runs))


def fields_that_differ(experiments: list[Experiment], names: list[str]) -> None:
    """One column per experiment, with its name as the header."""
    if len({experiment.hash for experiment in experiments}) == 1:
        st.markdown(f"Only the backend differs: all runs trained the same experiment, `{experiments[0].hash}`.")
        return
    rows = [[f"`{field}`", *values] for field, values in what_differs(experiments)]
    table(["field", *names], rows, "Fields of the experiments that differ")
