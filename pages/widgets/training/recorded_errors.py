"""A recorded real training: training and validation loss over the epochs, and where validation loss was lowest."""

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from pydantic import field_validator

from core.experiment.links import to_word
from core.recordings.epochs import best_epoch, training_losses
from core.spec import Spec
from pages import recorded
from pages.ui.live_chart import chart
from pages.ui.provenance import made_when
from pages.ui.translations import words
from pages.widgets.training.replay import COLORS


class Options(Spec):
    run: str
    title: str = ""

    @field_validator("run")
    @classmethod
    def _known(cls, name):
        if name not in recorded.names():
            raise ValueError(f"there is no recorded run {name!r}; choose from {', '.join(recorded.names())}")
        return name


def show(options: Options, key: str) -> None:
    texts, run = words(__file__), recorded.load(options.run)
    epochs = np.arange(1, len(run.epochs) + 1)
    validation, training = np.array([epoch.loss for epoch in run.epochs]), training_losses(run)
    best = best_epoch(run)
    summary = texts["summary"].format(
        best=best, low=validation[best - 1], last=len(epochs), end=validation[-1], train=training[-1]
    )
    figure = go.Figure()
    for name, y, color, dash in (
        ("training", training, COLORS[0], "solid"),
        ("validation", validation, COLORS[1], "dash"),
    ):
        figure.add_scatter(x=epochs, y=y, name=texts[name], mode="lines", line={"color": color, "dash": dash})
    figure.add_vline(x=best, line_dash="dot")
    figure.update_layout(
        xaxis_title=texts["epoch"],
        yaxis_title=texts["loss"],
        margin={"l": 60, "r": 10, "t": 10, "b": 45},
        legend={"orientation": "h", "y": 1.1},
    )
    title = options.title or texts["title"]
    chart(figure, f"{key}-chart", title, f"{title}. {summary}", 320)
    made = made_when(run)
    st.markdown(f"{summary} :small[({made})]")
    st.page_link("pages/lab/build.py", label=texts["live"], query_params={"experiment": to_word(run.experiment)})
    with st.expander(texts["table"]):
        table = {texts["epoch"]: epochs, texts["training"]: training, texts["validation"]: validation}
        st.dataframe(table, hide_index=True, height=210)
