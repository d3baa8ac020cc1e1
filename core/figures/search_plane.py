"""The plane of two hyperparameters: a small ring per candidate, a disc per trial, a star for the best trial."""

import plotly.graph_objects as go

from core.arrays import Array
from core.demos.learning.hyperparameter_search import SearchResult
from core.figures.axes import plain
from core.figures.colors import LIGHT


def searched(
    result: SearchResult, scores: Array, rows: list[float], columns: list[float], names: tuple[str, str]
) -> go.Figure:
    """`scores` (rows, columns, folds); rows go upwards, both axes are evenly spaced; `names` are those of columns and
    rows."""
    figure = plain(*names)
    positions = [(i, j) for i in range(len(rows)) for j in range(len(columns))]
    figure.add_trace(_marks(positions, columns, rows, "circle-open", 9, None))
    others = [position for position in result.tried if position != result.best]
    for group, symbol, size in ((others, "circle", 14), ([result.best], "star", 24)):
        percent = [f"{100 * scores[position].mean():.1f}" for position in group]
        figure.add_trace(_marks(group, columns, rows, symbol, size, percent))
    figure.update_layout(dragmode=False)
    figure.update_xaxes(type="category", categoryorder="array", categoryarray=[f"{one:g}" for one in columns])
    figure.update_yaxes(type="category", categoryorder="array", categoryarray=[f"{one:g}" for one in rows])
    return figure


def _marks(
    positions: list[tuple[int, int]],
    columns: list[float],
    rows: list[float],
    symbol: str,
    size: int,
    words: list[str] | None,
) -> go.Scatter:
    """Markers at these positions, with `words` above them."""
    return go.Scatter(
        x=[f"{columns[j]:g}" for _, j in positions],
        y=[f"{rows[i]:g}" for i, _ in positions],
        mode="markers+text" if words else "markers",
        text=words,
        textposition="top center",
        marker={"symbol": symbol, "size": size, "color": LIGHT["output"], "line": {"width": 2}},
        hoverinfo="skip",
        cliponaxis=False,
    )
