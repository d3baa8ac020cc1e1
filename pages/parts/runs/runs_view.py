"""Runs on a page: live curves, a card with buttons for each run, and a table of results."""

import numpy as np
import streamlit as st

import backends
from backends.executors.local import executor
from core.backend import BackendError
from core.figures.curves import Line, accuracies, losses, used_rates
from core.metrics.baselines import baselines
from core.runs import predictions
from core.runs.comparison import smoothed, starts_together, steps_per_second
from core.runs.cost_report import Effort, effort
from core.runs.folder import Run, RunError, Status
from core.runs.verdict import Verdict, verdict
from pages.parts.runs.run_names import distinct, label
from pages.ui import backend_labels
from pages.ui.formatting import duration, loss, percent, seconds_of, sentence
from pages.ui.live_chart import chart
from pages.ui.tables import numbers_table, table


STATES = {
    "waiting": ("waiting", "gray"),
    "starting": ("starting", "blue"),
    "running": ("training", "blue"),
    "paused": ("paused", "orange"),
    "finished": ("finished", "green"),
    "stopped": ("stopped", "gray"),
    "failed": ("failed", "red"),
}


VERDICT_COLORS = {
    "diverged": "red",
    "learned nothing": "red",
    "overfits": "orange",
    "still falling": "blue",
    "fine": "green",
}
PARTS = {"train": "training", "validation": "validation", "test": "test"}


def line(run: Run, x: np.ndarray, y: np.ndarray, name: str = "") -> Line:
    style = backends.about(run.backend) if run.backend in backends.names() else None
    return Line(name or label(run), style.COLOR if style else "#888888", style.DASH if style else "dashdot", x, y)


def in_order(runs: list[Run]) -> list[Run]:
    """Sorted by backend as in the registry, then by seed. The reference comes first, so that it is drawn below the
    others."""
    names = backends.names()
    position = {name: nth for nth, name in enumerate(names)}
    return sorted(runs, key=lambda run: (position.get(run.backend, len(names)), run.experiment.seed, run.id))


def loss_chart(runs: list[Run], key: str, window: int = 1, logarithmic: bool = False) -> None:
    curves = [run.curve() for run in runs]
    lines = [
        line(run, steps, smoothed(values, window), name)
        for run, name, (steps, values) in zip(runs, distinct(runs), curves, strict=True)
    ]
    validation = [line(run, *_validation_losses(run), name) for run, name in zip(runs, distinct(runs), strict=True)]
    together = starts_together(curves)
    title = "Loss: the curves start at the same point" if together else "Loss at every step"
    now = "; ".join(f"{l.label} {l.y[-1]:.4g} at step {l.x[-1]:,}" for l in lines if len(l.x)) or "no step yet"
    chart(
        losses(lines, logarithmic, [one for one in validation if len(one.x)]),
        key,
        title,
        f"Loss over steps. {now}.",
    )


def _validation_losses(run: Run) -> tuple[np.ndarray, np.ndarray]:
    """(steps, losses) after each epoch."""
    entries = [entry for entry in run.epochs() if entry["validation"]]
    losses = [entry["validation"]["loss"] for entry in entries]
    return np.array([entry["step"] for entry in entries], int), np.array(losses, float)


def accuracy_chart(runs: list[Run], key: str) -> None:
    lines = []
    for run, name in zip(runs, distinct(runs), strict=True):
        entries = [entry for entry in run.epochs() if entry["validation"]]
        epochs = np.array([entry["epoch"] for entry in entries])
        lines.append(line(run, epochs, np.array([entry["validation"]["accuracy"] for entry in entries]), name))
    if not any(len(l.x) for l in lines):
        return
    now = "; ".join(f"{l.label} {percent(l.y[-1])}" for l in lines if len(l.x))
    title = "Validation accuracy after every epoch, on images not used for training"
    chart(accuracies(lines), key, title, f"Validation accuracy over epochs. At the end: {now}.", 300)


def rate_chart(runs: list[Run], key: str) -> None:
    """The learning rate used at each step; no chart if it was constant."""
    lines = []
    for run, name in zip(runs, distinct(runs), strict=True):
        steps, used = zip(*run.reading.rates, strict=True) if run.reading.rates else ((), ())
        lines.append(line(run, np.array(steps), np.array(used, float), name))
    if not any(len(set(l.y)) > 1 for l in lines):
        return
    now = "; ".join(f"{l.label} {l.y[-1]:.4g} at step {l.x[-1]:,}" for l in lines if len(l.x))
    chart(used_rates(lines), key, "The learning rate used", f"Learning rate over steps. {now}.", 220)


def run_card(run: Run, status: Status) -> None:
    state, color = STATES[status.state]
    judged = verdict(run)
    if judged is not None and status.state == "finished":
        color = VERDICT_COLORS[judged.kind]
    with st.container(border=True, key=f"run-{run.id}", gap="small"):
        name, progress, buttons = st.columns([4, 5, 6], vertical_alignment="center")
        with name:
            st.html(_sample(line(run, np.zeros(0), np.zeros(0))))
            st.markdown(f"**{label(run)}** :{color}-badge[{state}]")
        with progress:
            if status.total_steps:
                st.progress(min(status.step / status.total_steps, 1.0))
            st.markdown(f":small[{_progress_text(run, status)}]")
        with buttons:
            _buttons(run, status)
        if status.reason and status.state != "waiting":
            (st.error if status.state == "failed" else st.info)(sentence(status.reason))
        if judged is not None:
            _verdict(judged, run)


def _verdict(judged: Verdict, run: Run) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f":{VERDICT_COLORS[judged.kind]}[{judged.sentence}]", width="content")
        st.page_link(
            "pages/learn/lesson.py",
            label=f"Lesson {int(judged.lesson[1:])} →",
            query_params={"lesson": judged.lesson},
            width="content",
        )
        if run.status().ended and run.remembered():
            st.page_link("pages/lab/explore.py", label="Look inside →", query_params={"run": run.id}, width="content")


def _progress_text(run: Run, status: Status) -> str:
    if status.state == "waiting":
        return f"on {run.device}"
    if not status.step:
        if status.ended:
            return "no step completed"
        return f"on {run.device}; {status.reason or 'its framework is loading'}"
    left = status.seconds_left
    time = f"{duration(status.seconds)} in total" if left is None else f"{duration(left)} left"
    return (
        f"step {status.step:,} / {status.total_steps:,} &nbsp;·&nbsp; epoch {status.epoch:,} / {status.epochs:,}  \n"
        f"loss {loss(run.reading.losses[-1])} &nbsp;·&nbsp; {time}"
    )


def _buttons(run: Run, status: Status) -> None:
    key = f"run-{run.id}"
    with st.container(horizontal=True, horizontal_alignment="right", gap="xsmall"):
        if status.state in ("starting", "running", "paused", "waiting"):
            requested = run.asked()
            if status.state == "paused":
                st.button("Continue", key=f"{key}-go", on_click=run.ask, args=("resume",))
            elif status.state == "running":
                pausing = requested == "pause"
                st.button(
                    "Pausing …" if pausing else "Pause",
                    key=f"{key}-pause",
                    on_click=run.ask,
                    args=("pause",),
                    disabled=pausing,
                )
            stopping = requested == "stop"
            st.button(
                "Stopping …" if stopping else "Stop",
                key=f"{key}-stop",
                on_click=run.ask,
                args=("stop",),
                disabled=stopping,
            )
        elif status.state in ("stopped", "failed"):
            if st.button("Resume", key=f"{key}-resume"):
                _resume(run)
            others = [name for name in backend_labels.installed() if name != run.trained_by]
            with st.popover("Resume elsewhere", key=f"{key}-elsewhere"):
                st.markdown(
                    "The weights and the optimizer's state are transferred unchanged; the curve continues where it "
                    "stopped."
                )
                for name in others:
                    if st.button(f"In {backend_labels.label(name)}", key=f"{key}-in-{name}"):
                        _resume(run, name)


def _resume(run: Run, backend: str | None = None) -> None:
    try:
        executor().resume(run, backend)
    except (RunError, BackendError) as error:
        st.error(str(error))
    else:
        st.rerun()


def results(runs: list[Run], names: list[str]) -> None:
    """A table of final losses and accuracies, times and costs, with one column per run."""
    statuses = [run.status() for run in runs]
    rows = [["**state**", *(STATES[status.state][0] for status in statuses)]]
    for part in ("train", "validation", "test"):
        for measure in ("loss", "accuracy"):
            values = [((status.result or {}).get(part) or {}).get(measure) for status in statuses]
            if any(value is not None for value in values):
                rows.append([f"**{PARTS[part]} {measure}**", *(_number(measure, value) for value in values)])
    baseline = [_majority(run) for run in runs]
    if any(value is not None for value in baseline):
        rows.append(["**test accuracy of the majority baseline**", *(_number("accuracy", value) for value in baseline)])
    at_best = [run.reading.at_best for run in runs]
    if any(at_best):
        rows.append(["**test accuracy at the best validation epoch**", *map(_at_best, at_best)])
    rows.append(["**steps**", *(f"{status.step:,}" for status in statuses)])
    rows.append(["**time**", *(duration(status.seconds) for status in statuses)])
    speeds = [steps_per_second(status.step, status.seconds) for status in statuses]
    rows.append(["**steps per second**", *("–" if speed is None else f"{speed:,.1f}" for speed in speeds)])
    rows.extend(_efforts([effort(run) for run in runs]))
    table(["result", *names], rows, "Final results, one column per run")


def _majority(run: Run) -> float | None:
    """The test accuracy of always predicting the most frequent training class."""
    counts = predictions.class_counts(run.predictions_path, "test")
    return baselines(*counts).majority if counts else None


def _efforts(reports: list[Effort]) -> list[list[str]]:
    """Times and costs, one row per measure."""
    seconds = [it.epoch_seconds for it in reports]
    images = [it.images_per_second for it in reports]
    return [
        ["**time per epoch**", *("–" if each is None else seconds_of(each) for each in seconds)],
        ["**images per second**", *("–" if each is None else f"{each:,.0f}" for each in images)],
        ["**device**", *(it.device for it in reports)],
        ["**parameters**", *(f"{it.parameters:,}" for it in reports)],
        ["**multiply-adds per image**", *(f"{it.multiply_adds:,}" for it in reports)],
    ]


def _at_best(epoch: dict | None) -> str:
    return f"{percent(epoch['test']['accuracy'])} (epoch {epoch['epoch']})" if epoch else "–"


def _number(measure: str, value: float | None) -> str:
    if value is None:
        return "–"
    return percent(value) if measure == "accuracy" else f"{value:.5f}" if abs(value) < 1e4 else f"{value:.4g}"


def curve_table(runs: list[Run]) -> None:
    """The loss chart's numbers as a table."""
    key = "-".join(["losses", *(run.id for run in runs)])
    curves = lambda: {name: run.curve() for name, run in zip(distinct(runs), runs, strict=True)}
    numbers_table("Show every loss as a table", curves, "losses.csv", key)


def _sample(curve: Line) -> str:
    """A short piece of the curve in its chart style."""
    style = {"solid": "solid", "dash": "dashed", "dot": "dotted"}.get(curve.dash, "dashed")
    return f'<div aria-hidden="true" style="width:72px;border-top:4px {style} {curve.color};margin:.15rem 0"></div>'
