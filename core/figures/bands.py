"""Several runs as one line: their mean, with a band from the lowest to the highest value."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.arrays import Array
from core.figures import curves
from core.runs.comparison import downsampled
from core.runs.grouping import Band


@dataclass(frozen=True)
class BandLine:
    """A band in the colour and dash pattern of its backend."""

    label: str
    color: str
    dash: str
    band: Band


def losses(lines: list[BandLine]) -> go.Figure:
    return _figure(lines, "optimizer step", "loss", "step %{x}: %{y:.6g}")


def accuracies(lines: list[BandLine]) -> go.Figure:
    figure = _figure(lines, "epoch", "accuracy", "epoch %{x}: %{y:.1%}", "lines+markers")
    figure.update_yaxes(tickformat=".0%")
    figure.update_xaxes(dtick=1 if all(len(line.band.x) <= 15 for line in lines) else None)
    return figure


def _figure(lines: list[BandLine], x: str, y: str, hover: str, mode: str = "lines") -> go.Figure:
    figure = curves.empty(x, y)
    figure.update_layout(legend_traceorder="normal")
    for line in lines:
        _edge(figure, line, line.band.low)
        _edge(figure, line, line.band.high, fill="tonexty", fillcolor=_pale(line.color))
    for line, mark in zip(lines, curves.marks([(line.color, line.dash) for line in lines]), strict=True):
        at, values = downsampled(line.band.x, line.band.mean)
        figure.add_scatter(
            x=at.astype(np.int32),
            y=values.astype(np.float32),
            name=line.label,
            mode="markers" if len(at) == 1 else "lines+markers" if mark else mode,
            line={"color": line.color, "dash": line.dash, "width": curves.LINE},
            marker={"size": curves.BAND, **mark},
            hovertemplate=f"{hover}<extra>{line.label}</extra>",
        )
    return figure


def _edge(figure: go.Figure, line: BandLine, values: Array, **fill: Any) -> None:
    """Both edges use the same points, because otherwise the band between them would be wrong."""
    shown = np.unique(np.linspace(0, len(line.band.x) - 1, min(len(line.band.x), 1000)).astype(int))
    figure.add_scatter(
        x=line.band.x[shown].astype(np.int32),
        y=values[shown].astype(np.float32),
        mode="lines",
        line={"width": 0, "color": line.color},
        hoverinfo="skip",
        showlegend=False,
        **fill,
    )


def _pale(color: str) -> str:
    red, green, blue = (int(color[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.18)"
