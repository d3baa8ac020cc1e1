"""City or landscape: edges first, then long vertical lines, and one number that tells the two apart, or does not."""

import numpy as np
import streamlit as st
from pydantic import Field

from core.demos.images.filter_cascade import STAGES, strength, through
from core.demos.images.sample_images import city, landscape
from core.demos.images.template_matching import peaks
from core.spec import Spec
from pages.ui.component import component
from pages.ui.hidden_controls import hidden
from pages.ui.translations import words
from pages.widgets.convolution.template_search import png, significant


CONTROLS = ("stage",)
WORDS = {
    "en": {
        "stage": "Look at",
        "edges": "E: vertical edges",
        "lines": "V: edges, then long vertical lines",
        "city": "City",
        "landscape": "Landscape",
        "statistic": "Number for the whole picture",
        "mean |E|": "mean of |E|",
        "mean V²": "mean of V²",
        "picture": "Picture",
        "template": "Kernel of this stage",
        "patch": "What it sees",
        "map": "Map",
        "cell": "Row {i}, column {j}: {value}",
        "label": "Map: arrow keys move to another cell",
        "keys": "Point at the map, or focus it and use the arrow keys.",
        "table": "The strongest places as a table",
        "row": "row",
        "column": "column",
        "value": "value",
    },
    "de": {
        "stage": "Zeige",
        "edges": "E: senkrechte Kanten",
        "lines": "V: Kanten, dann lange senkrechte Linien",
        "city": "Stadt",
        "landscape": "Landschaft",
        "statistic": "Zahl für das ganze Bild",
        "mean |E|": "Mittel von |E|",
        "mean V²": "Mittel von V²",
        "picture": "Bild",
        "template": "Kern dieser Stufe",
        "patch": "Was er sieht",
        "map": "Karte",
        "cell": "Zeile {i}, Spalte {j}: {value}",
        "label": "Karte: Pfeiltasten gehen zu einer anderen Zelle",
        "keys": "Zeige auf die Karte, oder nimm die Pfeiltasten.",
        "table": "Die stärksten Stellen als Tabelle",
        "row": "Zeile",
        "column": "Spalte",
        "value": "Wert",
    },
}


class Options(Spec):
    """`stage` is "edges" or "lines"."""

    stage: str = Field(default="edges", pattern="^(edges|lines)$")
    controls: tuple[str, ...] = CONTROLS


def show(options: Options, key: str) -> None:
    texts, stage = words(WORDS), options.stage
    if "stage" in options.controls and not hidden("stage"):
        stage = st.selectbox(
            texts["stage"],
            tuple(STAGES),
            tuple(STAGES).index(stage),
            format_func=lambda one: texts[one],
            key=f"{key}-stage",
            bind="query-params",
        )
    pictures = {"city": city(), "landscape": landscape()}
    for name, picture in pictures.items():
        st.markdown(f"**{texts[name]}**")
        component("response_map")(key=f"{key}-{name}", data=drawn(picture, stage, texts))
    numbers = {name: strength(picture) for name, picture in pictures.items()}
    st.table(
        {
            texts["statistic"]: [texts[one] for one in numbers["city"]],
            **{texts[name]: [f"{value:.4f}" for value in found.values()] for name, found in numbers.items()},
        }
    )


def drawn(picture: np.ndarray, stage: str, texts: dict[str, str]) -> dict:
    found, seen = through(picture, stage)
    return {
        "picture": png(picture[None] * 255),
        "size": list(picture.shape),
        "weights": significant(STAGES[stage]),
        "patch": list(seen),
        "pads": [0, 0],
        "map": significant(found),
        "peaks": peaks(np.abs(found), 12, 2),
        "words": texts,
    }
