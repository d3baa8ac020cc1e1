"""A tone at 16,000 samples per second and at half that rate, drawn and played."""

from typing import Literal

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from pydantic import Field

from core.demos.signals.downsampling import halved, heard_as, loudness, tone
from core.figures.colors import LIGHT
from core.spec import Spec
from pages.ui.hidden_controls import hidden
from pages.ui.live_chart import chart
from pages.ui.number_table import numbers
from pages.ui.translations import words


Keeping = Literal["skip", "average", "max"]
CONTROLS = ("hertz", "keeping")
TONES = (500, 1000, 2000, 3000, 4500, 5000, 6000, 7000)
SECONDS, SHOWN = 0.8, 0.002


class Options(Spec):
    """A sine of `hertz` at `rate` samples per second."""

    hertz: int = Field(default=1000, ge=100, le=8000)
    rate: int = Field(default=16_000, ge=2000, le=48_000)
    keeping: Keeping = "skip"
    controls: tuple[str, ...] = CONTROLS


def show(options: Options, key: str) -> None:
    texts = words(__file__)
    hertz, keeping = chosen(options, key, texts)
    before = tone(hertz, SECONDS, options.rate)
    after, rate = halved(before, keeping), options.rate // 2
    title = texts["title"].format(hertz=hertz)
    summary = texts["summary"].format(
        rate=rate, heard=heard_as(hertz, rate), before=loudness(before), after=loudness(after - after.mean())
    )
    chart(figure(before, after, options.rate, texts), f"{key}-chart", title, f"{title}. {summary}", 300)
    for column, samples, speed, name in zip(
        st.columns(2), (before, after), (options.rate, rate), ("before", "after"), strict=True
    ):
        column.markdown(f":small[{texts[name].format(rate=speed)}]")
        column.audio(samples.astype(np.float32) / 2, sample_rate=speed)
    st.markdown(summary)
    numbers(texts["table"], columns(before, after, options.rate, texts), f"{key}-samples", texts["save"], height=210)


def chosen(options: Options, key: str, texts: dict[str, str]) -> tuple[int, Keeping]:
    hertz, keeping = options.hertz, options.keeping
    tones = sorted({*TONES, options.hertz})
    left, right = st.columns(2)
    if "hertz" in options.controls and not hidden("hertz"):
        hertz = left.selectbox(
            texts["hertz"],
            tones,
            tones.index(hertz),
            format_func=lambda f: f"{f:,} Hz",
            key=f"{key}-hertz",
            bind="query-params",
        )
    if "keeping" in options.controls and not hidden("keeping"):
        choices: list[Keeping] = ["skip", "average", "max"]
        keeping = right.selectbox(
            texts["keeping"],
            choices,
            choices.index(keeping),
            format_func=lambda name: texts[name],
            key=f"{key}-keeping",
            bind="query-params",
        )
    return hertz, keeping


def columns(before: np.ndarray, after: np.ndarray, rate: int, texts: dict[str, str]) -> dict[str, np.ndarray]:
    """Both tones over the same milliseconds; the halved one has a value where a pair begins, NaN elsewhere."""
    shown = round(SHOWN * rate)
    fewer = np.full(shown, np.nan)
    fewer[::2] = after[: len(fewer[::2])]
    heads = [texts[name].format(rate=speed) for name, speed in (("before", rate), ("after", rate // 2))]
    return {texts["time"]: 1000 * np.arange(shown) / rate, heads[0]: before[:shown], heads[1]: fewer}


def figure(before: np.ndarray, after: np.ndarray, rate: int, texts: dict[str, str]) -> go.Figure:
    """The first milliseconds of both; the halved one is drawn where its pairs begin."""
    drawn = go.Figure(layout={"template": "none", "margin": {"l": 56, "r": 8, "t": 36, "b": 44}})
    curves = (
        (before, rate, LIGHT["input"], "lines+markers", {"size": 5}),
        (after, rate // 2, LIGHT["output"], "lines+markers", {"size": 9, "symbol": "square"}),
    )
    for samples, speed, color, mode, marker in curves:
        few = samples[: round(SHOWN * speed)]
        drawn.add_scatter(
            x=(1000 * np.arange(len(few)) / speed).astype(np.float32),
            y=few.astype(np.float32),
            mode=mode,
            name=texts["before"].format(rate=speed),
            line={"color": color},
            marker=marker,
        )
    drawn.update_layout(
        xaxis={"title": {"text": texts["time"]}},
        yaxis={"title": {"text": texts["height"]}, "range": [-1.1, 1.1]},
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
    )
    return drawn
