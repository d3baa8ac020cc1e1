"""How the learning rate changes over a run: choose a schedule, change its numbers, see the curve."""

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from pydantic import Field, TypeAdapter, ValidationError, field_validator

from core.experiment.messages import explain
from core.figures.curves import rates as drawn_rates, watched_losses
from core.recipe import schedules
from core.spec import Spec
from core.training import reduce_on_plateau
from pages import recorded
from pages.ui.formatting import sentence
from pages.ui.hidden_controls import hidden
from pages.ui.inputs import number_of, whole_of
from pages.ui.live_chart import chart
from pages.ui.provenance import made_when
from pages.ui.translations import words


CONTROLS = ("kind", "numbers")
KINDS = ("constant", "step", "exponential", "inverse", "cosine", "plateau")
_SCHEDULE: TypeAdapter = TypeAdapter(schedules.Schedule)
FIELDS = {
    "constant": (),
    "step": ("every", "factor"),
    "exponential": ("every", "factor"),
    "inverse": ("half_after",),
    "cosine": ("lowest",),
    "plateau": ("patience", "factor", "lowest"),
}
WHOLE = ("every", "half_after", "steps", "warmup_steps", "patience")
START = {"every": 250, "factor": 0.5, "half_after": 250, "lowest": 0.0, "patience": 5}


class Options(Spec):
    kind: str = Field(default="step", pattern=f"^({'|'.join(KINDS)})$")
    base: float = Field(default=0.1, gt=0, le=1e6)
    steps: int = Field(default=1000, ge=10, le=10_000)
    run: str = "homework-sigmoid"
    """The recorded run whose validation losses a plateau schedule watches; it sets the number of steps."""
    controls: tuple[str, ...] = CONTROLS

    @field_validator("run")
    @classmethod
    def _has_validation_losses(cls, name):
        if name not in recorded.names() or not recorded.load(name).epochs:
            raise ValueError(f"there is no recorded run {name!r} with validation losses")
        return name


def show(options: Options, key: str) -> None:
    texts = words(__file__)
    kind, base, warmup_steps, own = choose(options, key, texts)
    try:
        schedule = _SCHEDULE.validate_python({"kind": kind, **own})
        start = _Start(base=base, warmup_steps=warmup_steps)
    except ValidationError as error:
        st.error(sentence(explain(error)))
        return
    if kind == "plateau":
        draw_plateau(schedule, start, options.run, key, texts)
        return
    values = schedules.rate(schedule, start.base, np.arange(1, options.steps + 1), options.steps, start.warmup_steps)
    draw(values, key, texts)
    with st.expander(texts["table"]):
        at = np.linspace(1, options.steps, 21).round().astype(int)
        st.dataframe({texts["at"]: at, texts["rate"]: values[at - 1]}, hide_index=True, height=210)


def draw(values: np.ndarray, key: str, texts: dict[str, str]) -> None:
    alt = texts["alt"].format(first=values[0], half=values[len(values) // 2], last=values[-1])
    figure = with_axis_titles(drawn_rates(values), texts["at"], texts["rate"])
    chart(figure, f"{key}-chart", texts["title"].format(steps=len(values)), alt, 260)
    st.markdown(f":small[{alt}]")


def with_axis_titles(figure: go.Figure, x: str, y: str) -> go.Figure:
    """The figure with axis titles and hover text in the reader's language."""
    return figure.update_layout(xaxis_title_text=x, yaxis_title_text=y).update_traces(
        hovertemplate=f"{x} %{{x}}: %{{y:.4g}}<extra></extra>"
    )


def draw_plateau(
    schedule: schedules.ReduceOnPlateau, start: "_Start", name: str, key: str, texts: dict[str, str]
) -> None:
    """The learning rate that the schedule would have given a recorded run, and the losses that it watches."""
    run = recorded.load(name)
    losses, ends = (np.array([getattr(epoch, of) for epoch in run.epochs]) for of in ("loss", "step"))
    values = reduce_on_plateau.rates(schedule, start.base, losses.tolist(), int(ends[0]), start.warmup_steps)
    falls = reduce_on_plateau.falls(schedule, losses.tolist())
    draw(values, key, texts)
    summary = (
        texts["falls"].format(count=len(falls), all=len(losses), first=falls[0] + 1) if len(falls) else texts["no_fall"]
    )
    figure = with_axis_titles(watched_losses(ends, losses, falls), texts["at"], texts["loss"])
    chart(figure, f"{key}-losses", texts["watched"], summary, 260)
    st.markdown(f":small[{summary} {texts['from'].format(label=made_when(run))}]")
    with st.expander(texts["table"]):
        rows = {texts["epoch"]: np.arange(1, len(losses) + 1), texts["loss"]: losses, texts["rate"]: values[ends - 1]}
        st.dataframe(rows, hide_index=True, height=210)


class _Start(Spec):
    base: float = Field(gt=0, le=1e6)
    warmup_steps: int = Field(ge=0, le=10_000)


def choose(options: Options, key: str, texts: dict[str, str]):
    kind = options.kind
    if "kind" in options.controls and not hidden("kind"):
        kind = st.selectbox(
            texts["kind"],
            KINDS,
            KINDS.index(kind),
            format_func=lambda name: texts[name],
            key=f"{key}-kind",
            bind="query-params",
        )
    if "numbers" not in options.controls or hidden("numbers"):
        return kind, options.base, 0, {name: START[name] for name in FIELDS[kind]}
    defaults = {"base": options.base, "warmup_steps": 0} | {name: START[name] for name in FIELDS[kind]}
    result = {}
    for (name, value), column in zip(defaults.items(), st.columns(len(defaults)), strict=True):
        with column:
            text = st.text_input(texts[name], f"{value:g}", key=f"{key}-{kind}-{name}")
            result[name] = whole_of(text) if name in WHOLE else number_of(text)
    return kind, result.pop("base"), result.pop("warmup_steps"), result
