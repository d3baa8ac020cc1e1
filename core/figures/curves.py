"""Runs as lines: losses over steps, accuracies over epochs, the difference between two backends.

`pages/ui/live_chart.py` gives text and grid the colours of the light or dark theme.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from core.arrays import Array
from core.figures.colors import LIGHT
from core.runs.comparison import downsampled, starts_together


@dataclass(frozen=True)
class Line:
    """The numbers of one run, in the colour and dash pattern of its backend."""

    label: str
    color: str
    dash: str
    x: Array
    y: Array


BAND, LINE = 7.0, 2.25
"""Of several lines, the first is drawn as a broad pale band with the others on top, so lines that agree stay
visible."""


def losses(lines: list[Line], logarithmic: bool = False, validation: Sequence[Line] = ()) -> go.Figure:
    """Loss curves, with a ring around the first point if all runs share it. `validation`: the losses after each epoch,
    over the steps, as dotted lines with open circles."""
    figure = empty("optimizer step", "loss", logarithmic)
    if starts_together([(line.x, line.y) for line in lines]):
        first = next(line for line in lines if len(line.x))
        ring = {"xsizemode": "pixel", "ysizemode": "pixel", "x0": -8, "x1": 8, "y0": -8, "y1": 8}
        figure.add_shape(type="circle", xanchor=first.x[0], yanchor=first.y[0], line={"width": 1.5}, **ring)
    _with_lines(figure, lines, "step %{x}: %{y:.6g}")
    for index, line in enumerate(validation):
        figure.add_scatter(
            x=line.x,
            y=line.y,
            name="validation",
            legendgroup="validation",
            showlegend=index == 0,
            mode="lines+markers",
            line={"color": line.color, "dash": "dot", "width": 1.5},
            marker={"symbol": "circle-open", "size": 8, "line": {"width": 1.5}},
            hovertemplate=f"step %{{x}}: %{{y:.6g}}<extra>{line.label}, validation</extra>",
        )
    return figure


def accuracies(lines: list[Line]) -> go.Figure:
    figure = _with_lines(empty("epoch", "accuracy"), lines, "epoch %{x}: %{y:.1%}", "lines+markers")
    figure.update_yaxes(tickformat=".0%", minallowed=-0.02, maxallowed=1.02)
    figure.update_xaxes(dtick=1 if all(len(line.x) <= 15 for line in lines) else None)
    return figure


def rates(values: Array, steps: Array | None = None) -> go.Figure:
    """The learning rate at `steps`, by default at every step from the first."""
    steps = np.arange(1, len(values) + 1) if steps is None else steps
    line = Line("rate", LIGHT["kernel"], "solid", steps, values)
    figure = _with_lines(empty("optimizer step", "learning rate"), [line], "step %{x}: %{y:.4g}")
    figure.update_layout(showlegend=False, margin={"l": 56, "r": 8, "t": 8, "b": 44})
    figure.update_yaxes(rangemode="tozero", exponentformat="power")
    return figure


def watched_losses(steps: Array, values: Array, falls: Array) -> go.Figure:
    """Validation losses over the steps after which they were measured, with a triangle at each index in `falls`, where
    the learning rate fell."""
    line = Line("loss", LIGHT["gradient"], "solid", steps, values)
    figure = _with_lines(empty("optimizer step", "validation loss", logarithmic=True), [line], "step %{x}: %{y:.4g}")
    mark = {"symbol": "triangle-down", "size": 12, "color": LIGHT["kernel"]}
    figure.add_scatter(x=steps[falls], y=values[falls], mode="markers", marker=mark, hoverinfo="skip")
    return figure.update_layout(showlegend=False, margin={"l": 56, "r": 8, "t": 8, "b": 44})


def used_rates(lines: list[Line]) -> go.Figure:
    """The learning rates that the runs used."""
    figure = _with_lines(empty("optimizer step", "learning rate"), lines, "step %{x}: %{y:.4g}")
    return figure.update_yaxes(rangemode="tozero", exponentformat="power")


def tried_rates(rates: Array, losses: Array, smooth: Array, suggested: float | None) -> go.Figure:
    """Losses over a logarithmic axis of learning rates, with a vertical line at the suggested one. The loss axis ends a
    little above the first loss, so exploding losses leave the figure."""
    figure = empty("learning rate", "loss")
    style = {"hovertemplate": "rate %{x:.3g}: %{y:.4g}<extra></extra>", "mode": "lines"}
    line = {"color": LIGHT["kernel"]}
    figure.add_scatter(x=rates, y=losses, name="each step", line={**line, "width": 1}, opacity=0.5, **style)
    figure.add_scatter(x=rates, y=smooth, name="smoothed", line={**line, "width": LINE + 0.5}, **style)
    if len(smooth):
        low, high = min(losses.min(), smooth.min()), smooth[0]
        figure.update_yaxes(range=[low - 0.1 * (high - low) - 1e-9, high + 0.5 * (high - low) + 0.05 * abs(high)])
    if suggested:
        figure.add_vline(x=suggested, line={"width": 1.5, "dash": "dot"})
        label = {"text": f"{suggested:g}", "showarrow": False, "xanchor": "left", "yanchor": "top"}
        figure.add_annotation(x=np.log10(suggested), y=1, yref="paper", **label)
    figure.update_layout(margin={"l": 48, "r": 8, "t": 40, "b": 44})
    return figure.update_xaxes(type="log", exponentformat="power", dtick=2)


def apart(lines: list[Line], tolerance: float) -> go.Figure:
    """Relative differences on a logarithmic axis, without those that are 0; the tolerance is a horizontal line."""
    figure = empty("optimizer step", "relative difference", logarithmic=True)
    shown = [Line(l.label, l.color, l.dash, l.x[l.y > 0], l.y[l.y > 0]) for l in lines]
    figure.add_hline(y=tolerance, line={"width": 1, "dash": "dot"})
    label = {"text": f"tolerance {tolerance:g}", "showarrow": False, "xanchor": "right", "yanchor": "bottom"}
    figure.add_annotation(xref="paper", x=1, y=np.log10(tolerance), **label)
    figure.update_yaxes(exponentformat="power", dtick=1)
    return _with_lines(figure, shown, "step %{x}: %{y:.2e}", band=False)


def empty(x: str, y: str, logarithmic: bool = False) -> go.Figure:
    """An empty figure with axis titles."""
    return go.Figure(
        layout={
            "template": "none",
            "xaxis": {"title": {"text": x}, "zeroline": False},
            "yaxis": {"title": {"text": y}, "zeroline": False, "type": "log" if logarithmic else "linear"},
            "showlegend": True,
            "legend": {"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom"},
            "margin": {"l": 56, "r": 8, "t": 64, "b": 44},
            "hovermode": "x unified",
        }
    )


SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "star")


def marks(looks: list[tuple[str, str]]) -> list[dict[str, Any]]:
    """Markers that distinguish lines with the same look (colour, dash), since all lines of a backend share one: none on
    the first, a few circles along the second, squares along the third."""
    seen = [looks[:index].count(look) for index, look in enumerate(looks)]
    return [{"symbol": SYMBOLS[(k - 1) % len(SYMBOLS)], "maxdisplayed": 12} if k else {} for k in seen]


def _with_lines(figure: go.Figure, lines: list[Line], hover: str, mode: str = "lines", band: bool = True) -> go.Figure:
    for index, (line, mark) in enumerate(zip(lines, marks([(l.color, l.dash) for l in lines]), strict=True)):
        x, y = downsampled(line.x, line.y)
        broad = band and index == 0 and len(lines) > 1
        figure.add_scatter(
            x=x.astype(np.int32),
            y=y.astype(np.float32),
            name=line.label,
            mode="markers" if len(x) == 1 else "lines+markers" if mark else mode,
            opacity=0.5 if broad else 1,
            line={"color": line.color, "dash": line.dash, "width": BAND if broad else LINE},
            marker={"size": BAND + 5 if broad else BAND, **mark},
            hovertemplate=f"{hover}<extra>{line.label}</extra>",
        )
    return figure
