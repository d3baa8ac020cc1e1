"""A shape that is moved over an image: its feature map moves along, its pooled map changes less."""

import numpy as np
import streamlit as st
from pydantic import Field, field_validator

from core.demos.images.equivariance import tour
from core.spec import Spec
from pages.ui.component import component
from pages.ui.hidden_controls import hidden
from pages.ui.translations import words


CONTROLS = ("turn", "window")
TURNS = (0, 90, 180, 270)
WINDOWS = (2, 3, 5)


class Options(Spec):
    """`shape` and `kernel` are rows of numbers, `side` the side of the image, `start` the shape's first position."""

    shape: list[list[float]] = Field(min_length=1, max_length=6)
    kernel: list[list[float]] = Field(min_length=1, max_length=6)
    side: int = Field(default=12, ge=7, le=14)
    window: int = Field(default=2, ge=2, le=5)
    turn: int = 0
    start: tuple[int, int] = (2, 2)
    controls: tuple[str, ...] = CONTROLS

    @field_validator("shape", "kernel")
    @classmethod
    def _even_rows(cls, rows):
        if len({len(row) for row in rows}) != 1 or not rows[0]:
            raise ValueError("the rows differ in length; give every row the same number of values")
        return rows


def show(options: Options, key: str) -> None:
    texts = words(__file__)
    turn, window = choose(options, key, texts)
    shape = np.rot90(options.shape, -turn // 90)
    result = tour(shape, options.kernel, options.side, window, options.start)
    component(__file__)(
        key=f"{key}-tour",
        data={
            "shape": shape.tolist(),
            "kernel": options.kernel,
            "side": options.side,
            "across": result.across,
            "start": list(options.start),
            "maps": result.maps.tolist(),
            "pooled": result.pooled.tolist(),
            "same": (result.gap == 0).tolist(),
            "changed": result.changed.tolist(),
            "tops": result.maps.max(axis=(1, 2)).tolist(),
            "most": float(np.abs(result.maps).max()),
            "words": texts,
        },
    )


def choose(options: Options, key: str, texts: dict[str, str]) -> tuple[int, int]:
    offered = [name for name in options.controls if name in CONTROLS and not hidden(name)]
    chosen = {"turn": options.turn, "window": options.window}
    for name, column in zip(offered, st.columns(len(offered)) if offered else (), strict=True):
        choices = TURNS if name == "turn" else WINDOWS
        with column:
            chosen[name] = st.selectbox(
                texts[name],
                choices,
                choices.index(chosen[name]),
                format_func=(lambda one: f"{one}°") if name == "turn" else (lambda one: f"{one} × {one}"),
                key=f"{key}-{name}",
                bind="query-params",
            )
    return chosen["turn"], chosen["window"]
