"""Runs laid together: each by itself, or those that differ only in their seed as one mean with its band."""

import numpy as np
import streamlit as st

from core.figures import bands
from core.runs.comparison import Curve
from core.runs.folder import Run
from core.runs.grouping import Band, band, families, spread
from pages.parts.runs.curve_differences import fields_that_differ, what_was_different
from pages.parts.runs.runs_view import PARTS, accuracy_chart, curve_table, distinct, label, line, loss_chart, results
from pages.ui.formatting import percent, unique_labels
from pages.ui.live_chart import chart
from pages.ui.tables import table


def together(runs: list[Run]) -> None:
    result = list(families(runs).values())
    if len(result) < len(runs) and st.toggle(
        "Put runs together that differ only in their seed",
        value=True,
        key="by-seed",
        help="The line is the mean of the runs, the band goes from the lowest to the highest of them.",
    ):
        by_seed(result)
    else:
        each(runs)


def each(runs: list[Run]) -> None:
    """A line a run."""
    key = "-".join(run.id for run in runs)
    loss_chart(runs, f"runs-losses-{key}")
    accuracy_chart(runs, f"runs-accuracies-{key}")
    with st.expander("Every loss and accuracy as a table"):
        curve_table(runs)
        names = [word for word, run in zip(distinct(runs), runs, strict=True) for _ in run.epochs()]
        st.dataframe(_epochs(names, [epoch for run in runs for epoch in run.epochs()]), hide_index=True)
    results(runs, distinct(runs))
    if len(runs) > 1:
        st.header("What was different")
        what_was_different(runs)


def by_seed(groups: list[list[Run]]) -> None:
    """A mean and a band a family."""
    names = family_names(groups)
    curves = [band([run.curve() for run in those]) for those in groups]
    accuracies = [band([_accuracies(run) for run in those]) for those in groups]
    key = "-".join(run.id for those in groups for run in those)
    _loss_bands(groups, names, curves, key)
    _accuracy_bands(groups, names, accuracies, key)
    with st.expander("Means and bands as tables"):
        st.dataframe(_points(names, curves, "step", "loss"), hide_index=True)
        st.dataframe(_points(names, accuracies, "epoch", "validation accuracy"), hide_index=True)
    spreads(groups, names)
    if len(groups) > 1:
        st.header("What was different")
        fields_that_differ([those[0].experiment.model_copy(update={"seed": 0}) for those in groups], names)


def family_names(groups: list[list[Run]]) -> list[str]:
    """The backend and how many runs; where two have the same, the end of the first run's id."""
    names = {those[0].id: f"{label(those[0])}, {_times(len(those), 'seed')}" for those in groups}
    return list(unique_labels(names).values())


def spreads(groups: list[list[Run]], names: list[str]) -> None:
    """Results over the seeds: mean, sample standard deviation, lowest and highest."""
    rows = []
    for part, word in PARTS.items():
        for what in ("loss", "accuracy"):
            cells = [_spread(what, _ends(those, part, what)) for those in groups]
            if any(cell != "–" for cell in cells):
                rows.append([f"**{word} {what}**", *cells])
    rows.append(["**seeds**", *(", ".join(str(run.experiment.seed) for run in those) for those in groups)])
    table(["result", *names], rows, "Results over the seeds: mean, standard deviation, lowest and highest")
    st.markdown(":small[mean ± sample standard deviation (lowest to highest) of the runs that finished]")


def _loss_bands(groups: list[list[Run]], names: list[str], curves: list[Band], key: str) -> None:
    lines = _lines(groups, names, curves)
    ends = "; ".join(f"{l.label} mean {l.band.mean[-1]:.4g} at step {l.band.x[-1]}" for l in lines)
    chart(
        bands.losses(lines),
        f"runs-loss-bands-{key}",
        "The loss over the seeds: the mean, and the band from the lowest to the highest",
        f"Mean loss over steps with its band, over the steps that all runs of a line made. {ends}.",
    )


def _accuracy_bands(groups: list[list[Run]], names: list[str], curves: list[Band], key: str) -> None:
    lines = [line for line in _lines(groups, names, curves) if len(line.band.x)]
    if not lines:
        return
    ends = "; ".join(f"{l.label} {percent(l.band.mean[-1])}" for l in lines)
    chart(
        bands.accuracies(lines),
        f"runs-accuracy-bands-{key}",
        "Validation accuracy over the seeds: how much of a difference is only luck",
        f"Mean validation accuracy over epochs with its band. At the end: {ends}.",
        300,
    )


def _lines(groups: list[list[Run]], names: list[str], curves: list[Band]) -> list[bands.BandLine]:
    samples_seen = [line(those[0], np.zeros(0), np.zeros(0)) for those in groups]
    return [
        bands.BandLine(name, look.color, look.dash, of)
        for name, look, of in zip(names, samples_seen, curves, strict=True)
    ]


def _accuracies(run: Run) -> Curve:
    entries = [entry for entry in run.epochs() if entry["validation"]]
    return np.array([entry["epoch"] for entry in entries]), np.array([e["validation"]["accuracy"] for e in entries])


def _points(names: list[str], curves: list[Band], position: str, what: str) -> dict[str, np.ndarray]:
    columns = {position: "x", f"mean {what}": "mean", "lowest": "low", "highest": "high"}
    many = [len(curve.x) for curve in curves]
    table = {"runs": np.repeat(names, many)}
    return table | {column: np.concatenate([getattr(b, field) for b in curves]) for column, field in columns.items()}


def _epochs(names: list[str], epochs: list[dict]) -> list[dict]:
    return [
        {
            "run": name,
            "epoch": epoch["epoch"],
            **{f"validation {what}": v for what, v in (epoch["validation"] or {}).items()},
        }
        for name, epoch in zip(names, epochs, strict=True)
    ]


def _ends(runs: list[Run], part: str, what: str) -> list[float]:
    results = [((run.status().result or {}).get(part) or {}).get(what) for run in runs]
    return [value for value in results if value is not None]


def _spread(what: str, values: list[float]) -> str:
    if not values:
        return "–"
    result = spread(values)
    say = percent if what == "accuracy" else "{:.4f}".format
    around = "" if result.deviation is None else f" ± {say(result.deviation)} ({say(result.low)} to {say(result.high)})"
    return say(result.mean) + around


def _times(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"
