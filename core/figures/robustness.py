"""Accuracy over the strength of one change of the images, one line per run."""

import numpy as np
import plotly.graph_objects as go

from core.data.preparation.corruption_levels import Change
from core.figures.curves import BAND, LINE, Line, empty, marks


def accuracy(change: Change, lines: list[Line], guessing: float) -> go.Figure:
    """The dotted line is the accuracy of always answering with the same class."""
    figure = empty(change.unit, "accuracy")
    for index, (line, mark) in enumerate(zip(lines, marks([(l.color, l.dash) for l in lines]), strict=True)):
        broad = index == 0 and len(lines) > 1
        figure.add_scatter(
            x=np.asarray(line.x, np.float32),
            y=np.asarray(line.y, np.float32),
            name=line.label,
            mode="lines+markers",
            opacity=0.5 if broad else 1,
            line={"color": line.color, "dash": line.dash, "width": BAND if broad else LINE},
            marker={"size": BAND + 5 if broad else BAND, "symbol": mark.get("symbol", "circle")},
            hovertemplate=f"%{{y:.1%}}<extra>{line.label}</extra>",
        )
    figure.add_hline(y=guessing, name="guessing", line={"width": 1, "dash": "dot"})
    figure.update_layout(showlegend=len(lines) > 1, margin={"l": 48, "r": 8, "t": 32 if len(lines) > 1 else 8, "b": 44})
    figure.update_yaxes(range=[-0.02, 1.04], tickformat=".0%")
    at = sorted({change.clean, *change.strengths})
    words = [f"{value:g}" if change.unit else change.amount(value) for value in at]
    beside = (0.06 if change.unit else 0.25) * (at[-1] - at[0])  # words need more room than numbers
    return figure.update_xaxes(tickvals=at, ticktext=words, range=[at[0] - beside, at[-1] + beside])
