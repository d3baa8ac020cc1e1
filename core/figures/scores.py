"""Figures of scores: baselines beside the network, curves over all thresholds, calibration.

Diagonals and rings are shapes, because `pages/ui/live_chart.py` draws shapes in the colour of the text.
"""

import numpy as np
import plotly.graph_objects as go

from core.arrays import Array
from core.figures.axes import plain
from core.figures.colors import LIGHT
from core.metrics.calibration import Reliability
from core.metrics.rejection import Rejection
from core.metrics.roc_pr import PrecisionRecall, Roc
from core.runs.comparison import downsampled


COLOR = LIGHT["input"]
GUESS = "#8A94A3"
POINT = 7
"""Half the width of the ring, in pixels."""

Point = tuple[float, float]


def shares(names: list[str], values: list[float]) -> go.Figure:
    """Horizontal bars; the network's bar comes first and is in colour."""
    figure = plain("accuracy", "")
    figure.add_bar(
        x=np.array(values, np.float32),
        y=names,
        orientation="h",
        marker={"color": [COLOR] + [GUESS] * (len(names) - 1)},
        text=[f"{100 * value:.1f} %" for value in values],
        textposition="outside",
        cliponaxis=False,
        hovertemplate="%{y}: %{x:.2%}<extra></extra>",
    )
    figure.update_layout(margin={"l": 150, "r": 48, "t": 8, "b": 44}, bargap=0.35)
    figure.update_xaxes(range=[0, 1], tickformat=".0%")
    figure.update_yaxes(autorange="reversed")
    return figure


def roc(curve: Roc, point: Point) -> go.Figure:
    """The ROC curve, with the diagonal of guessing and a ring at the chosen threshold."""
    figure = _unit_square("false positive rate", "true positive rate")
    _diagonal(figure)
    return _with_curve(figure, curve.false_positive_rate, curve.true_positive_rate, point)


def precision_recall(curve: PrecisionRecall, share: float, point: Point) -> go.Figure:
    """The precision-recall curve, with the precision of saying yes to everything and a ring at the chosen threshold."""
    figure = _unit_square("recall", "precision")
    figure.add_shape(type="line", x0=0, x1=1, y0=share, y1=share, line={"width": 1, "dash": "dot"})
    return _with_curve(figure, curve.recall, curve.precision, point)


def rejection(curve: Rejection, point: Point) -> go.Figure:
    figure = plain("share refused", "error on the rest")
    figure.update_xaxes(tickformat=".0%", rangemode="tozero")
    figure.update_yaxes(tickformat=".0%", rangemode="tozero")
    return _with_curve(figure, curve.refused[::-1], curve.error[::-1], point)


def reliability(bins: Reliability) -> go.Figure:
    """Accuracy per confidence bin as bars; on the diagonal, confidence equals accuracy."""
    figure = _unit_square("confidence", "accuracy")
    _diagonal(figure)
    figure.add_bar(
        x=((bins.low + bins.high) / 2).astype(np.float32),
        y=bins.accuracy.astype(np.float32),
        width=(0.94 * (bins.high - bins.low)).astype(np.float32),
        marker={"color": COLOR},
        opacity=0.75,
        customdata=bins.counts,
        hovertemplate="%{customdata} answers, %{y:.1%} right<extra></extra>",
    )
    return figure


def _with_curve(figure: go.Figure, x: Array, y: Array, point: Point) -> go.Figure:
    x, y = downsampled(x, y)
    figure.add_scatter(
        x=x.astype(np.float32),
        y=y.astype(np.float32),
        mode="lines" if len(x) > 1 else "markers",
        line={"color": COLOR, "width": 2.25},
        hovertemplate="%{x:.3f}, %{y:.3f}<extra></extra>",
    )
    if np.isfinite(point).all():
        ring = {"xsizemode": "pixel", "ysizemode": "pixel", "x0": -POINT, "x1": POINT, "y0": -POINT, "y1": POINT}
        at = {"xanchor": point[0], "yanchor": point[1], "line": {"width": 2}, "fillcolor": LIGHT["kernel"]}
        figure.add_shape(type="circle", name="threshold", **ring, **at)
    return figure


def _diagonal(figure: go.Figure) -> None:
    figure.add_shape(type="line", x0=0, x1=1, y0=0, y1=1, line={"width": 1, "dash": "dot"})


def _unit_square(x: str, y: str) -> go.Figure:
    figure = plain(x, y)
    figure.update_xaxes(range=[-0.02, 1.02])
    figure.update_yaxes(range=[-0.02, 1.05])
    return figure
