"""Compares parameter counts: a dense layer, a locally connected one, and one with shared weights."""

from typing import Any

import plotly.graph_objects as go
import streamlit as st
from pydantic import Field, model_validator

from core.demos.images.connectivity import ladder, position_count
from core.figures.colors import LIGHT
from core.spec import Spec
from pages.ui.hidden_controls import hidden
from pages.ui.live_chart import chart
from pages.ui.translations import words


CONTROLS = ("side", "field", "maps", "units", "biases")
SIDES = (8, 16, 28, 64, 128, 224, 512, 1000)
FIELDS = (1, 2, 3, 5, 7, 10)
MAPS = (1, 6, 20, 32, 100)
UNITS = ("fits", "pixel")


class Options(Spec):
    """Sides in pixels; `units` is "fits" (one per position of the field) or "pixel" (one per pixel)."""

    side: int = 28
    field: int = 5
    maps: int = 1
    units: str = Field(default="fits", pattern="^(fits|pixel)$")
    biases: bool = False
    controls: tuple[str, ...] = CONTROLS

    @model_validator(mode="after")
    def _known(self):
        for name, choices in (("side", SIDES), ("field", FIELDS), ("maps", MAPS)):
            if getattr(self, name) not in choices:
                raise ValueError(f"{name} must be one of {', '.join(map(str, choices))}")
        if self.field > self.side:
            raise ValueError("the field is larger than the image")
        return self


def show(options: Options, key: str) -> None:
    texts = words(__file__)
    chosen = choose(options, key, texts)
    side, field = chosen["side"], min(chosen["field"], chosen["side"])
    units = position_count(side, field) if chosen["units"] == "fits" else position_count(side, 1)
    result = ladder(position_count(side, 1), units, field * field, chosen["maps"])
    learned = [wiring.weights + (wiring.biases if chosen["biases"] else 0) for wiring in result]
    kinds = [texts[wiring.kind] for wiring in result]
    title = texts["title"].format(**{w.kind: f"{n:,}" for w, n in zip(result, learned, strict=True)})
    sizes = texts["sizes"].format(side=side, units=f"{units:,}", maps=chosen["maps"], field=field)
    chart(figure(kinds, learned, texts), f"{key}-chart", title, f"{title}. {sizes}", 230)
    st.markdown(f":small[{sizes}]")
    st.table(
        {
            texts["kind"]: kinds,
            texts["learned"]: [f"{number:,}" for number in learned],
            texts["made"]: [f"{wiring.connections:,}" for wiring in result],
        }
    )


def choose(options: Options, key: str, texts: dict[str, str]) -> dict:
    result = {name: getattr(options, name) for name in CONTROLS}
    offered = [name for name in options.controls if name in CONTROLS and not hidden(name)]
    choices: dict[str, Any] = {"side": SIDES, "field": FIELDS, "maps": MAPS, "units": UNITS}
    widths = [2 if name == "units" else 1.5 if name == "biases" else 1 for name in offered]
    for name, column in zip(offered, st.columns(widths, vertical_alignment="bottom") if offered else (), strict=True):
        with column:
            bound: dict[str, Any] = {"key": f"{key}-{name}", "bind": "query-params"}
            if name == "biases":
                result[name] = st.toggle(texts[name], result[name], **bound)
            else:
                start = choices[name].index(result[name])
                result[name] = st.selectbox(
                    texts[name], choices[name], start, format_func=lambda one: texts.get(one, str(one)), **bound
                )
    return result


def figure(kinds: list[str], learned: list[int], texts: dict[str, str]) -> go.Figure:
    drawn = go.Figure()
    drawn.add_bar(
        x=learned,
        y=kinds,
        orientation="h",
        marker={"color": LIGHT["kernel"]},
        text=[f"{number:,}" for number in learned],
        textposition="auto",
        cliponaxis=False,
    )
    drawn.update_layout(
        xaxis={"type": "log", "title": texts["axis"], "dtick": 3, "range": [0, 15.5 if max(learned) > 1e9 else 10]},
        yaxis={"autorange": "reversed"},
        margin={"l": 120, "r": 20, "t": 5, "b": 45},
        showlegend=False,
    )
    return drawn
