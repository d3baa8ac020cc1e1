"""Empty axes that several figures start from."""

import plotly.graph_objects as go


def plain(x: str, y: str) -> go.Figure:
    """An empty figure with axis titles and without a legend."""
    return go.Figure(
        layout={
            "template": "none",
            "xaxis": {"title": {"text": x}, "zeroline": False},
            "yaxis": {"title": {"text": y}, "zeroline": False},
            "showlegend": False,
            "margin": {"l": 56, "r": 8, "t": 12, "b": 44},
        }
    )
