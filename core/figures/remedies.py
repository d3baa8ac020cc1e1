"""Figures about class imbalance: images per class before and after, and the scores of each remedy over its seeds."""

import numpy as np
import plotly.graph_objects as go

from core.arrays import Array
from core.figures.colors import LIGHT


GONE = "#B4BCC8"
SYMBOLS = ("circle", "diamond")


def classes(names: list[str], available: Array, used: Array) -> go.Figure:
    """Training images per class as bars: grey for the data set, in colour for those that are used."""
    figure = _figure("class", "training images")
    for counts, color, label in ((available, GONE, "there are"), (used, LIGHT["input"], "train with")):
        figure.add_bar(x=names, y=counts.astype(np.int32), name=label, marker={"color": color}, hovertemplate="%{y:,}")
    figure.update_layout(barmode="overlay", bargap=0.2, hovermode="x unified")
    figure.update_xaxes(type="category")
    return figure


def scores(names: list[str], shown: dict[str, list[list[float]]]) -> go.Figure:
    """`shown` is {score: for each of `names` (remedies), its value for every seed}. A small mark per seed, a large mark
    for the mean, a line from the lowest to the highest."""
    figure = _figure("", "")
    for index, ((label, values), color) in enumerate(
        zip(shown.items(), (LIGHT["kernel"], LIGHT["input"]), strict=False)
    ):
        _score(figure, names, label, values, color, index)
    figure.update_xaxes(tickformat=".0%")
    figure.update_yaxes(tickvals=np.arange(len(names)), ticktext=names, range=[len(names) - 0.5, -0.5], showgrid=False)
    figure.update_layout(margin={"l": 150, "r": 16, "t": 48, "b": 44})
    return figure


def _score(figure: go.Figure, names: list[str], label: str, values: list[list[float]], color: str, index: int) -> None:
    off = 0.14 if index else -0.14
    for row, each in enumerate(values):
        if each:
            figure.add_scatter(
                x=np.array([min(each), max(each)], np.float32),
                y=np.array([row + off] * 2, np.float32),
                mode="lines",
                line={"color": color, "width": 2},
                opacity=0.6,
                showlegend=False,
                hoverinfo="skip",
            )
    dots = [(x, row + off, names[row]) for row, each in enumerate(values) for x in each]
    means = [(float(np.mean(each)), row + off, names[row]) for row, each in enumerate(values) if each]
    for points, size, legend, opacity in ((dots, 6, False, 0.6), (means, 12, True, 1)):
        figure.add_scatter(
            x=np.array([x for x, _, _ in points], np.float32),
            y=np.array([y for _, y, _ in points], np.float32),
            mode="markers",
            name=label,
            opacity=opacity,
            showlegend=legend,
            marker={"color": color, "size": size, "symbol": SYMBOLS[index]},
            text=[name for _, _, name in points],
            hovertemplate="%{text}: %{x:.1%}<extra>" + label + "</extra>",
        )


def _figure(x: str, y: str) -> go.Figure:
    return go.Figure(
        layout={
            "template": "none",
            "xaxis": {"title": {"text": x}, "zeroline": False},
            "yaxis": {"title": {"text": y}, "zeroline": False},
            "showlegend": True,
            "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
            "margin": {"l": 56, "r": 8, "t": 44, "b": 44},
        }
    )
