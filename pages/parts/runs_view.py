"""Runs on the page: their curves while they grow, a card for each with its buttons, their results in a table."""

import numpy as np
import streamlit as st

import backends
from backends.executors.local import executor
from core.backend import BackendError
from core.figures.curves import Line, accuracies, losses
from core.runs.comparing import smoothed
from core.runs.folder import Run, RunError, Status
from pages.parts.live_chart import chart
from pages.parts.words import duration, percent


STATES = {
    "waiting": ("waits for its turn", "gray"),
    "starting": ("is starting", "blue"),
    "running": ("training", "blue"),
    "paused": ("paused", "orange"),
    "finished": ("finished", "green"),
    "stopped": ("stopped", "gray"),
    "failed": ("failed", "red"),
}


def label(run: Run) -> str:
    return backends.about(run.backend).LABEL if run.backend in backends.names() else run.backend


def line(run: Run, x: np.ndarray, y: np.ndarray, name: str = "") -> Line:
    known = run.backend in backends.names()
    look = backends.about(run.backend) if known else None
    return Line(name or label(run), look.COLOR if known else "#888888", look.DASH if known else "dashdot", x, y)


def in_order(runs: list[Run]) -> list[Run]:
    """As the registry has the backends: the reference first, so that it is drawn below the others."""
    names = backends.names()
    return sorted(runs, key=lambda run: (names.index(run.backend) if run.backend in names else len(names), run.id))


def loss_chart(runs: list[Run], key: str, window: int = 1, logarithmic: bool = False, names: list[str] | None = None) -> None:
    lines = [
        line(run, steps, smoothed(values, window), name)
        for run, name in zip(runs, names or [label(run) for run in runs], strict=True)
        for steps, values in [run.curve()]
    ]
    now = "; ".join(f"{l.label} {l.y[-1]:.4g} at step {l.x[-1]}" for l in lines if len(l.x)) or "no step yet"
    chart(losses(lines, logarithmic), key, "The loss of every step: the curves start on one point", f"Loss over steps. {now}.")


def accuracy_chart(runs: list[Run], key: str) -> None:
    lines = []
    for run in runs:
        entries = [entry for entry in run.epochs() if entry["validation"]]
        epochs = np.array([entry["epoch"] for entry in entries])
        lines.append(line(run, epochs, np.array([entry["validation"]["accuracy"] for entry in entries])))
    if not any(len(l.x) for l in lines):
        return
    now = "; ".join(f"{l.label} {percent(l.y[-1])}" for l in lines if len(l.x))
    title = "Validation accuracy after every epoch: pictures it never learnt from"
    chart(accuracies(lines), key, title, f"Validation accuracy over epochs. At the end: {now}.", 300)


def run_card(run: Run, status: Status) -> None:
    look = line(run, np.zeros(0), np.zeros(0))
    words, color = STATES[status.state]
    with st.container(border=True, key=f"run-{run.id}", gap="small"):
        st.html(_sample(look))
        st.markdown(f"**{label(run)}** &nbsp; :{color}-badge[{words}]")
        if status.total_steps:
            st.progress(min(status.step / status.total_steps, 1.0))
        st.markdown(f":small[{_how_far(run, status)}]")
        if status.reason:
            (st.error if status.state == "failed" else st.info)(status.reason)
        _buttons(run, status)


def _how_far(run: Run, status: Status) -> str:
    if not status.step:
        return f"on {run.device}; the first step comes when its framework is loaded" if not status.ended else "no step was made"
    parts = [f"step {status.step:,} of {status.total_steps:,}", f"epoch {status.epoch} of {status.epochs}"]
    parts.append(f"loss {run.reading.losses[-1]:.4f}")
    if status.seconds_left is not None:
        parts.append(f"{duration(status.seconds_left)} left")
    else:
        parts.append(f"{duration(status.seconds)} in all")
    return " &nbsp;·&nbsp; ".join(parts)


def _buttons(run: Run, status: Status) -> None:
    key = f"run-{run.id}"
    with st.container(horizontal=True, gap="small"):
        if status.state in ("starting", "running", "paused", "waiting"):
            asked = run.asked()
            if status.state == "paused":
                st.button("Go on", key=f"{key}-go", on_click=run.ask, args=("resume",))
            elif status.state == "running":
                pausing = asked == "pause"
                st.button("Pausing …" if pausing else "Pause", key=f"{key}-pause", on_click=run.ask, args=("pause",), disabled=pausing)
            stopping = asked == "stop"
            st.button("Stopping …" if stopping else "Stop", key=f"{key}-stop", on_click=run.ask, args=("stop",), disabled=stopping)
        elif status.state in ("stopped", "failed"):
            if st.button("Resume", key=f"{key}-resume"):
                _resume(run)
            others = [name for name in backends.names() if name != run.backend and backends.missing(name) is None]
            with st.popover("Resume elsewhere", key=f"{key}-elsewhere"):
                st.markdown("The weights and the optimizer go over as they are; the curve goes on where it broke off.")
                for name in others:
                    if st.button(f"In {backends.about(name).LABEL}", key=f"{key}-in-{name}"):
                        _resume(run, name)


def _resume(run: Run, backend: str | None = None) -> None:
    try:
        executor().resume(run, backend)
    except (RunError, BackendError) as error:
        st.error(str(error))
    else:
        st.rerun()


def results(runs: list[Run], key: str) -> None:
    """Loss and accuracy at the end, and the speed."""
    rows = []
    for run in runs:
        status = run.status()
        numbers = {
            f"{part} {what}": values.get(what)
            for part, values in (status.result or {}).items()
            for what in ("loss", "accuracy")
            if isinstance(values, dict)
        }
        rows.append({"backend": label(run), "state": status.state, "steps": status.step, **numbers, "seconds": status.seconds})
    columns = {name: st.column_config.NumberColumn(format="percent" if "accuracy" in name else "%.4f") for row in rows for name in row if " " in name}
    st.dataframe(rows, hide_index=True, column_config={**columns, "seconds": st.column_config.NumberColumn(format="%.2f")}, key=key)


def curve_table(runs: list[Run]) -> None:
    """The chart's numbers for who cannot see it."""
    curves = {f"{label(run)} ({run.id[-6:]})" if len({r.backend for r in runs}) < len(runs) else label(run): run.curve() for run in runs}
    longest = max((len(steps) for steps, _ in curves.values()), default=0)
    table = {"step": np.arange(1, longest + 1)}
    for name, (_, values) in curves.items():
        table[name] = np.pad(values, (0, longest - len(values)), constant_values=np.nan)
    st.dataframe(table, hide_index=True)


def _sample(look: Line) -> str:
    """A piece of the curve as the chart draws it."""
    kind = {"solid": "solid", "dash": "dashed", "dot": "dotted"}.get(look.dash, "dashed")
    return f'<div aria-hidden="true" style="width:72px;border-top:4px {kind} {look.color};margin:.15rem 0"></div>'
