"""A Plotly chart that keeps its zoom when its data change, in the colours of the page's theme."""

import json

import plotly
import plotly.graph_objects as go

from pages.ui.component import component
from pages.ui.plotly_js import provide_plotly


provide_plotly()
_CHART = component(
    __file__, html="<figure><figcaption></figcaption><div class='plot'></div></figure>", isolate_styles=False
)


def chart(figure: go.Figure, key: str, title: str, alt: str, height: int = 380) -> None:
    """`title` says what to look for, `alt` describes the chart to screen readers. A new `key` resets the zoom."""
    document = json.loads(figure.to_json())
    data = {
        "traces": document["data"],
        "layout": document["layout"],
        "title": title,
        "alt": alt,
        "height": height,
        "revision": key,
        "library": f"app/static/plotly.min.js?v={plotly.__version__}",
    }
    _CHART(key=key, data=data)
