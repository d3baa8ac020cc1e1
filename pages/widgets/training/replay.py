"""Recorded real trainings: loss or accuracy, how they were made, and links to train them live."""

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from pydantic import Field, field_validator

from core.experiment.links import to_word
from core.recordings.run import Recorded
from core.spec import Spec
from pages import recorded
from pages.ui.formatting import percent
from pages.ui.live_chart import chart
from pages.ui.provenance import made_when
from pages.ui.translations import words


DASHES = ("solid", "dash", "dot", "dashdot", "longdash")
COLORS = ("#2F6FDE", "#C96A00", "#23875A", "#8036D9", "#B83280")


class Options(Spec):
    """`runs` are names of files in pages/recorded; `labels` their labels; `show` is the curve: loss or accuracy."""

    runs: tuple[str, ...] = Field(min_length=1, max_length=len(COLORS))
    labels: tuple[str, ...] = ()
    title: str = ""
    show: str = Field(default="loss", pattern="^(loss|accuracy)$")

    @field_validator("runs")
    @classmethod
    def _known(cls, runs):
        if missing := sorted(set(runs) - set(recorded.names())):
            raise ValueError(f"there is no recorded run {missing[0]!r}; choose from {', '.join(recorded.names())}")
        return runs


def show(options: Options, key: str) -> None:
    texts = words(__file__)
    results = [recorded.load(name) for name in options.runs]
    labels = options.labels or tuple(run.name for run in results)
    last = "; ".join(summary(run, label, texts) for run, label in zip(results, labels, strict=True))
    title = options.title or texts["title"]
    chart(figure(results, labels, options.show, texts), f"{key}-chart", title, f"{title}. {last}.", 320)
    for run, label in zip(results, labels, strict=True):
        st.markdown(f":small[{summary(run, label, texts)} ({made_when(run)})]")
        st.page_link(
            "pages/lab/build.py",
            label=f"{texts['live']}: {label}",
            query_params={"experiment": to_word(run.experiment)},
        )
    with st.expander(texts["how"]):
        for run in results:
            st.code(run.command, language="bash")
    with st.expander(texts["table"]):
        for run, label in zip(results, labels, strict=True):
            st.markdown(f"**{label}**")
            x, y = curve(run, options.show)
            st.dataframe({texts["step"]: x, texts[options.show]: y}, hide_index=True, height=210)


def curve(run: Recorded, what: str) -> tuple[np.ndarray, np.ndarray]:
    if what == "loss":
        return np.asarray(run.steps), np.asarray(run.losses, np.float32)
    return np.asarray([epoch.step for epoch in run.epochs]), np.asarray([e.accuracy for e in run.epochs], np.float32)


def figure(recordings: list[Recorded], labels: tuple[str, ...], what: str, texts: dict[str, str]) -> go.Figure:
    drawn = go.Figure()
    for run, label, color, dash in zip(recordings, labels, COLORS, DASHES, strict=False):
        x, y = curve(run, what)
        drawn.add_scatter(x=x, y=y, name=label, mode="lines", line={"color": color, "dash": dash})
    drawn.update_layout(
        xaxis_title=texts["step"],
        yaxis_title=texts[what],
        margin={"l": 60, "r": 10, "t": 10, "b": 45},
        showlegend=len(recordings) > 1,
    )
    return drawn


def summary(run: Recorded, label: str, texts: dict[str, str]) -> str:
    return texts["test"].format(label=label, accuracy=percent(run.results["test"]["accuracy"]), steps=run.steps[-1])
