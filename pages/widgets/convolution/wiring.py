"""The weights of a layer as one matrix: a row for each unit, a column for each pixel, equal weights in equal colours."""

import numpy as np
import streamlit as st
from pydantic import Field, model_validator

from core.demos.images.connectivity import wires
from core.numerics.windows import positions
from core.spec import Spec
from pages.ui.component import component
from pages.ui.hidden_controls import hidden
from pages.ui.translations import words


CONTROLS = ("kind",)
KINDS = ("dense", "local", "shared")
WORDS = {
    "en": {
        "kind": "Wiring",
        "dense": "dense: all pixels",
        "local": "local: a field each",
        "shared": "shared: a field each, same weights",
        "picture": "Picture",
        "matrix": "Weights: a row a unit, a column a pixel",
        "map": "Map",
        "told": "unit ({i}, {j}) and pixel ({r}, {c}): ",
        "wire": "weight number {w}, which stands in {n} places of the matrix",
        "none": "no wire, the weight is 0",
        "counts": "{cells} places in the matrix, {wires} of them wired, {different} different weights.",
        "keys": "Point at the matrix, or focus it and use the arrow keys.",
        "table": "The numbers of the weights as a table (0: no wire)",
    },
    "de": {
        "kind": "Verdrahtung",
        "dense": "dicht: alle Punkte",
        "local": "lokal: je ein Feld",
        "shared": "geteilt: je ein Feld, gleiche Gewichte",
        "picture": "Bild",
        "matrix": "Gewichte: eine Zeile je Einheit, eine Spalte je Bildpunkt",
        "map": "Karte",
        "told": "Einheit ({i}, {j}) und Bildpunkt ({r}, {c}): ",
        "wire": "Gewicht Nummer {w}, das an {n} Stellen der Matrix steht",
        "none": "kein Draht, das Gewicht ist 0",
        "counts": "{cells} Stellen in der Matrix, {wires} davon verdrahtet, {different} verschiedene Gewichte.",
        "keys": "Zeige auf die Matrix, oder wähle mit den Pfeiltasten.",
        "table": "Die Nummern der Gewichte als Tabelle (0: kein Draht)",
    },
}


class Options(Spec):
    """A square picture of `side` pixels and a field of `field`, both along one edge."""

    side: int = Field(default=5, ge=2, le=6)
    field: int = Field(default=3, ge=1, le=5)
    kind: str = Field(default="shared", pattern="^(dense|local|shared)$")
    controls: tuple[str, ...] = CONTROLS

    @model_validator(mode="after")
    def _fits(self):
        if self.field > self.side:
            raise ValueError("the field is larger than the picture")
        return self


def show(options: Options, key: str) -> None:
    texts, kind = words(WORDS), options.kind
    if "kind" in options.controls and not hidden("kind"):
        kind = st.selectbox(
            texts["kind"],
            KINDS,
            KINDS.index(kind),
            format_func=lambda one: texts[one],
            key=f"{key}-kind",
            bind="query-params",
        )
    size, field = (options.side, options.side), (options.field, options.field)
    found = wires(size, field, kind)
    numbers = {"cells": found.size, "wires": int((found >= 0).sum()), "different": int(found.max()) + 1}
    component(__file__)(
        key=f"{key}-matrix",
        data={
            "wires": (found + 1).tolist(),
            "counts": np.bincount(found.ravel() + 1, minlength=numbers["different"] + 1).tolist(),
            "side": options.side,
            "units": positions(size, field)[1],
            "told": texts["counts"].format(**numbers),
            "words": texts,
        },
    )
