"""Accuracy over the number of training images per class, one line with a band for each kind of features."""

import numpy as np
import plotly.graph_objects as go

from core.arrays import Array
from core.figures.colors import LIGHT
from core.figures.curves import BAND, LINE, empty
from core.transfer.plan import FEATURES, Features, Result


COLORS: dict[Features, str] = {
    "network": LIGHT["kernel"],
    "untrained": "#8A94A3",
    "pixels": LIGHT["input"],
    "edges": LIGHT["gradient"],
}
SYMBOLS: dict[Features, str] = {"network": "circle", "untrained": "circle-open", "pixels": "square", "edges": "diamond"}


def accuracies(result: Result) -> go.Figure:
    """Means over the draws; bands reach one standard deviation up and down."""
    figure = empty("training images per class", "accuracy")
    each = np.array(result.plan.each, float)
    for features in result.width:
        values = np.array([result.accuracies(features, count) for count in result.plan.each])
        if values.shape[1] > 1:
            _band(figure, each, values, COLORS[features])
    for features in result.width:
        values = np.array([result.accuracies(features, count) for count in result.plan.each])
        figure.add_scatter(
            x=each.astype(np.int32),
            y=values.mean(axis=1).astype(np.float32),
            name=FEATURES[features],
            mode="lines+markers",
            line={"color": COLORS[features], "width": LINE},
            marker={"size": BAND + 1, "symbol": SYMBOLS[features]},
            hovertemplate=f"%{{y:.1%}}<extra>{FEATURES[features]}</extra>",
        )
    figure.update_xaxes(
        type="log", tickvals=list(result.plan.each), ticktext=[f"{count}" for count in result.plan.each]
    )
    return figure.update_yaxes(tickformat=".0%")


def _band(figure: go.Figure, x: Array, values: Array, color: str) -> None:
    mean, deviation = values.mean(axis=1), values.std(axis=1, ddof=1)
    red, green, blue = (int(color[start : start + 2], 16) for start in (1, 3, 5))
    figure.add_scatter(
        x=np.concatenate([x, x[::-1]]).astype(np.int32),
        y=np.concatenate([mean + deviation, (mean - deviation)[::-1]]).astype(np.float32),
        mode="lines",
        fill="toself",
        line={"width": 0, "color": color},
        fillcolor=f"rgba({red},{green},{blue},0.18)",
        hoverinfo="skip",
        showlegend=False,
    )
