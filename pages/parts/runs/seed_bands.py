"""Several runs together: one line per run, or a mean with a band for runs that differ only in their seed."""

from collections.abc import Callable

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
        "Group runs that differ only in their seed",
        value=True,
        key="by-seed",
        help="The line is the mean of the runs; the band spans the lowest to the highest.",
    ):
        by_seed(result)
    else:
        each(runs)


def each(runs: list[Run]) -> None:
    """One line per run."""
    key = "-".join(run.id for run in runs)
    loss_chart(runs, f"runs-losses-{key}")
    accuracy_chart(runs, f"runs-accuracies-{key}")
    with st.expander("Every loss and accuracy as a table"):
        curve_table(runs)
        names = [name for name, run in zip(distinct(runs), runs, strict=True) for _ in run.epochs()]
        st.dataframe(_epochs(names, [epoch for run in runs for epoch in run.epochs()]), hide_index=True)
    results(runs, distinct(runs))
    if len(runs) > 1:
        st.header("How the experiments differ")
        what_was_different(runs)


def by_seed(groups: list[list[Run]]) -> None:
    """One mean and band per group of runs."""
    names = family_names(groups)
    curves = [band([run.curve() for run in group]) for group in groups]
    accuracies = [band([_accuracies(run) for run in group]) for group in groups]
    key = "-".join(run.id for group in groups for run in group)
    _loss_bands(groups, names, curves, key)
    _accuracy_bands(groups, names, accuracies, key)
    with st.expander("Means and bands as tables"):
        st.dataframe(_points(names, curves, "step", "loss"), hide_index=True)
        st.dataframe(_points(names, accuracies, "epoch", "validation accuracy"), hide_index=True)
    spreads(groups, names)
    if len(groups) > 1:
        st.header("How the experiments differ")
        fields_that_differ([group[0].experiment.model_copy(update={"seed": 0}) for group in groups], names)


def family_names(groups: list[list[Run]]) -> list[str]:
    """The backend and the number of seeds; if two groups have the same, also the end of the first run's id."""
    names = {group[0].id: f"{label(group[0])}, {_times(len(group), 'seed')}" for group in groups}
    return list(unique_labels(names).values())


def spreads(groups: list[list[Run]], names: list[str]) -> None:
    """Results over the seeds: mean, sample standard deviation, lowest and highest."""
    rows = []
    for part, label_ in PARTS.items():
        for measure in ("loss", "accuracy"):
            cells = [_spread(measure, _ends(group, part, measure)) for group in groups]
            if any(cell != "–" for cell in cells):
                rows.append([f"**{label_} {measure}**", *cells])
    rows.append(["**seeds**", *(", ".join(str(run.experiment.seed) for run in group) for group in groups)])
    table(["result", *names], rows, "Results over the seeds: mean, standard deviation, lowest and highest")
    st.markdown(":small[mean ± sample standard deviation (lowest to highest) of the runs that finished]")


def _loss_bands(groups: list[list[Run]], names: list[str], curves: list[Band], key: str) -> None:
    lines = _lines(groups, names, curves)
    ends = "; ".join(f"{l.label} mean {l.band.mean[-1]:.4g} at step {l.band.x[-1]}" for l in lines)
    chart(
        bands.losses(lines),
        f"runs-loss-bands-{key}",
        "The loss over the seeds: the mean, with a band from the lowest to the highest",
        f"Mean loss with its band, over the steps that all runs of a group completed. {ends}.",
    )


def _accuracy_bands(groups: list[list[Run]], names: list[str], curves: list[Band], key: str) -> None:
    lines = [line for line in _lines(groups, names, curves) if len(line.band.x)]
    if not lines:
        return
    ends = "; ".join(f"{l.label} {percent(l.band.mean[-1])}" for l in lines)
    chart(
        bands.accuracies(lines),
        f"runs-accuracy-bands-{key}",
        "Validation accuracy over the seeds: differences within the bands may be luck",
        f"Mean validation accuracy over epochs with its band. At the end: {ends}.",
        300,
    )


def _lines(groups: list[list[Run]], names: list[str], curves: list[Band]) -> list[bands.BandLine]:
    styles = [line(group[0], np.zeros(0), np.zeros(0)) for group in groups]
    return [
        bands.BandLine(name, style.color, style.dash, curve)
        for name, style, curve in zip(names, styles, curves, strict=True)
    ]


def _accuracies(run: Run) -> Curve:
    entries = [entry for entry in run.epochs() if entry["validation"]]
    return np.array([entry["epoch"] for entry in entries]), np.array([e["validation"]["accuracy"] for e in entries])


def _points(names: list[str], curves: list[Band], x: str, measure: str) -> dict[str, np.ndarray]:
    columns = {x: "x", f"mean {measure}": "mean", "lowest": "low", "highest": "high"}
    counts = [len(curve.x) for curve in curves]
    table = {"runs": np.repeat(names, counts)}
    return table | {column: np.concatenate([getattr(b, field) for b in curves]) for column, field in columns.items()}


def _epochs(names: list[str], epochs: list[dict]) -> list[dict]:
    return [
        {
            "run": name,
            "epoch": epoch["epoch"],
            **{f"validation {measure}": v for measure, v in (epoch["validation"] or {}).items()},
        }
        for name, epoch in zip(names, epochs, strict=True)
    ]


def _ends(runs: list[Run], part: str, measure: str) -> list[float]:
    results = [((run.status().result or {}).get(part) or {}).get(measure) for run in runs]
    return [value for value in results if value is not None]


def _spread(measure: str, values: list[float]) -> str:
    if not values:
        return "–"
    result = spread(values)
    text: Callable[[float], str] = percent if measure == "accuracy" else "{:.4f}".format
    if result.deviation is None:
        return text(result.mean)
    return f"{text(result.mean)} ± {text(result.deviation)} ({text(result.low)} to {text(result.high)})"


def _times(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"
