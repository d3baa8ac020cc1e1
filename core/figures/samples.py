"""Figures of a data set: images per class, distribution of the values, points in the plane."""

import numpy as np
import plotly.graph_objects as go

from core.arrays import Array
from core.figures.axes import plain
from core.figures.colors import LIGHT
from core.figures.labels import literal


PARTS = {"train": ("training", LIGHT["input"]), "validation": ("validation", "#8A94A3"), "test": ("test", "#C3CAD5")}
CLASSES = (LIGHT["input"], LIGHT["kernel"], LIGHT["output"])
MOST_TICKS = 60
"""More classes are shown without their names, which would cover each other."""
SYMBOLS = ("circle", "square", "triangle-up")


def class_counts(names: list[str], counts: dict[str, Array]) -> go.Figure:
    """Stacked bars, one per class; `counts` is {part: (classes,)}."""
    figure = plain("class", "images")
    labels = [literal(name, 16) for name in names]
    for part, (words, color) in PARTS.items():
        figure.add_bar(
            x=list(range(len(names))),
            y=counts[part],
            name=words,
            customdata=labels,
            marker={"color": color},
            hovertemplate="%{customdata}: %{y:,} " + words + "<extra></extra>",
        )
    figure.update_layout(barmode="stack", bargap=0.25, legend={"orientation": "h", "y": 1.14, "x": 0}, showlegend=True)
    if len(names) <= MOST_TICKS:
        figure.update_xaxes(tickvals=list(range(len(names))), ticktext=labels, automargin=True)
        figure.update_xaxes(ticklabeloverflow="allow")
    return figure


def histogram(edges: Array, heights: Array) -> go.Figure:
    """Bars between `edges` (B + 1,) for `heights` (B,), drawn as shares of the total."""
    figure = plain("value that the network reads", "share of values")
    figure.add_bar(
        x=((edges[1:] + edges[:-1]) / 2).astype(np.float32),
        y=(heights / max(heights.sum(), 1)).astype(np.float32),
        width=np.diff(edges).astype(np.float32),
        marker={"color": LIGHT["input"]},
        hovertemplate="around %{x:.3g}: %{y:.1%}<extra></extra>",
    )
    figure.update_yaxes(tickformat=".0%")
    return figure


def points(images: Array, labels: Array, names: list[str]) -> go.Figure:
    """Images (N, 1, 1, 2): the first pixel is x, the second y."""
    figure = plain("first pixel", "second pixel")
    for label, name in enumerate(names):
        x, y = images[labels == label].reshape(-1, 2).T.astype(np.float32)
        marker = {"color": CLASSES[label % 3], "symbol": SYMBOLS[label % 3], "size": 7, "opacity": 0.75}
        figure.add_scatter(x=x, y=y, mode="markers", name=literal(name), marker=marker)
    figure.update_layout(showlegend=True, legend={"orientation": "h", "y": 1.1, "x": 0})
    figure.update_xaxes(range=[-8, 263])
    figure.update_yaxes(range=[-8, 263])
    return figure
