"""The weights of a layer as one matrix: a row per unit, a column per pixel, equal weights in equal colours."""

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


class Options(Spec):
    """`side` and `field` are the sides of a square image and of a square field, in pixels."""

    side: int = Field(default=5, ge=2, le=6)
    field: int = Field(default=3, ge=1, le=5)
    kind: str = Field(default="shared", pattern="^(dense|local|shared)$")
    controls: tuple[str, ...] = CONTROLS

    @model_validator(mode="after")
    def _fits(self):
        if self.field > self.side:
            raise ValueError("the field is larger than the image")
        return self


def show(options: Options, key: str) -> None:
    texts, kind = words(__file__), options.kind
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
    result = wires(size, field, kind)
    numbers = {"cells": result.size, "wires": int((result >= 0).sum()), "different": int(result.max()) + 1}
    component(__file__)(
        key=f"{key}-matrix",
        data={
            "wires": (result + 1).tolist(),
            "counts": np.bincount(result.ravel() + 1, minlength=numbers["different"] + 1).tolist(),
            "side": options.side,
            "units": positions(size, field)[1],
            "summary": texts["counts"].format(**numbers),
            "words": texts,
        },
    )
