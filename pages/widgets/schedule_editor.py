"""How a rate changes over the steps of a run: choose a schedule, change its numbers, see the curve."""

import numpy as np
import streamlit as st
from pydantic import Field, TypeAdapter, ValidationError

from core import schedules
from core.experiment import explain
from core.figures.curves import rates as drawn_rates
from core.spec import Spec
from pages.learn.hiding import hidden
from pages.parts.live_chart import chart
from pages.parts.pickers import number_of, whole_of
from pages.parts.words import sentence
from pages.widgets import words


CONTROLS = ("kind", "numbers")
KINDS = ("constant", "step", "exponential", "inverse", "cosine")
_SCHEDULE: TypeAdapter = TypeAdapter(schedules.Schedule)
FIELDS = {
    "constant": (),
    "step": ("every", "factor"),
    "exponential": ("every", "factor"),
    "inverse": ("half_after",),
    "cosine": ("lowest",),
}
WHOLE = ("every", "half_after", "steps", "warm_up")
START = {"every": 250, "factor": 0.5, "half_after": 250, "lowest": 0.0}
WORDS = {
    "en": {
        "kind": "Schedule",
        "constant": "constant",
        "step": "in steps",
        "exponential": "exponential",
        "inverse": "1 / t",
        "cosine": "cosine",
        "base": "First rate",
        "warm_up": "Steps of warm-up",
        "every": "Every so many steps",
        "factor": "times this factor",
        "half_after": "Half after so many steps",
        "lowest": "Lowest share",
        "title": "The rate over {steps:,} steps",
        "alt": "The rate is {first:.4g} at the first step, {half:.4g} half way and {last:.4g} at the last.",
        "table": "The same as a table",
        "at": "step",
        "rate": "rate",
    },
    "de": {
        "kind": "Verlauf",
        "constant": "gleichbleibend",
        "step": "in Stufen",
        "exponential": "exponentiell",
        "inverse": "1 / t",
        "cosine": "Kosinus",
        "base": "Erste Rate",
        "warm_up": "Schritte zum Anlaufen",
        "every": "Alle so viele Schritte",
        "factor": "mal diesen Faktor",
        "half_after": "Halb nach so vielen Schritten",
        "lowest": "Kleinster Anteil",
        "title": "Die Rate über {steps:,} Schritte",
        "alt": "Die Rate ist {first:.4g} im ersten Schritt, {half:.4g} nach der Hälfte und {last:.4g} im letzten.",
        "table": "Dasselbe als Tabelle",
        "at": "Schritt",
        "rate": "Rate",
    },
}


class Options(Spec):
    kind: str = Field(default="step", pattern=f"^({'|'.join(KINDS)})$")
    base: float = Field(default=0.1, gt=0, le=1e6)
    steps: int = Field(default=1000, ge=10, le=10_000)
    controls: tuple[str, ...] = CONTROLS


def show(options: Options, key: str) -> None:
    texts = words(WORDS)
    kind, base, warm_up, own = choose(options, key, texts)
    try:
        schedule = _SCHEDULE.validate_python({"kind": kind, **own})
        start = _Start(base=base, warm_up=warm_up)
    except ValidationError as error:
        st.error(sentence(explain(error)))
        return
    values = schedules.rate(schedule, start.base, np.arange(1, options.steps + 1), options.steps, start.warm_up)
    alt = texts["alt"].format(first=values[0], half=values[len(values) // 2], last=values[-1])
    chart(drawn_rates(values), f"{key}-chart", texts["title"].format(steps=options.steps), alt, 260)
    st.markdown(f":small[{alt}]")
    with st.expander(texts["table"]):
        at = np.linspace(1, options.steps, 21).round().astype(int)
        st.dataframe({texts["at"]: at, texts["rate"]: values[at - 1]}, hide_index=True, height=210)


class _Start(Spec):
    base: float = Field(gt=0, le=1e6)
    warm_up: int = Field(ge=0, le=10_000)


def choose(options: Options, key: str, texts: dict[str, str]):
    kind = options.kind
    if "kind" in options.controls and not hidden("kind"):
        kind = st.selectbox(
            texts["kind"], KINDS, KINDS.index(kind), format_func=texts.get, key=f"{key}-kind", bind="query-params"
        )
    if "numbers" not in options.controls or hidden("numbers"):
        return kind, options.base, 0, {name: START[name] for name in FIELDS[kind]}
    wanted = {"base": options.base, "warm_up": 0} | {name: START[name] for name in FIELDS[kind]}
    found = {}
    for (name, value), column in zip(wanted.items(), st.columns(len(wanted)), strict=True):
        with column:
            text = st.text_input(texts[name], f"{value:g}", key=f"{key}-{kind}-{name}")
            found[name] = whole_of(text) if name in WHOLE else number_of(text)
    return kind, found.pop("base"), found.pop("warm_up"), found
