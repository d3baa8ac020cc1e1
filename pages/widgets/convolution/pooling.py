"""A pooling window over an image: kind, size, stride, ReLU first or not, and what a shift by one cell changes."""

from typing import Annotated, Any

import numpy as np
import streamlit as st
from pydantic import AfterValidator, Field, ValidationError, field_validator

from core.demos.images.pooling_shift import Pooled, changed, moved, pool
from core.experiment.messages import explain
from core.lessons.answers import AnswerError
from core.network.errors import NetworkError
from core.spec import Spec
from pages.ui.arithmetic import arithmetic_in_words
from pages.ui.component import among, component
from pages.ui.formatting import sentence
from pages.ui.hidden_controls import hidden
from pages.ui.translations import words
from pages.widgets.convolution.convolution_2d import as_text, from_text


CONTROLS = ("mode", "window", "stride", "relu", "shift", "numbers")
LARGEST = 24
SHIFTS = {"none": (0, 0), "right": (0, 1), "left": (0, -1), "down": (1, 0), "up": (-1, 0)}
MOST_TERMS = 16


class Options(Spec):
    """`image` is rows of numbers; `stride` 0 means the window size."""

    image: list[list[float]] = Field(min_length=1, max_length=LARGEST)
    mode: str = Field(default="max", pattern="^(max|average|sum|l2)$")
    window: int = Field(default=2, ge=1, le=5)
    stride: int = Field(default=0, ge=0, le=4)
    relu: bool = False
    shift: str = Field(default="none", pattern="^(none|right|left|down|up)$")
    controls: Annotated[tuple[str, ...], AfterValidator(among(CONTROLS))] = CONTROLS

    @field_validator("image")
    @classmethod
    def _even_rows(cls, rows):
        if len({len(row) for row in rows}) != 1 or not 0 < len(rows[0]) <= LARGEST:
            raise ValueError(f"the rows differ in length, or have more than {LARGEST} values")
        return rows


def show(options: Options, key: str) -> None:
    texts = words(__file__)
    chosen = choose(options, key, texts)
    try:
        image = np.array(typed(options, key, texts))
        data = drawn(np.maximum(image, 0) if chosen["relu"] else image, chosen, texts)
    except (AnswerError, NetworkError) as error:
        st.error(sentence(str(error)))
    except ValidationError as error:
        st.error(sentence(explain(error)))
    else:
        component(__file__)(key=f"{key}-map", data=data)


def choose(options: Options, key: str, texts: dict[str, str]) -> dict:
    offered = [name for name in CONTROLS[:5] if name in options.controls and not hidden(name)]
    result = {name: getattr(options, name) for name in CONTROLS[:5]}
    for name, column in zip(
        offered, st.columns(len(offered), vertical_alignment="bottom") if offered else (), strict=True
    ):
        with column:
            result[name] = control(name, result[name], f"{key}-{name}", texts)
    return result


def control(name: str, value, key: str, texts: dict[str, str]):
    if name == "relu":
        return st.toggle(texts["relu"], value, key=key, bind="query-params")
    choices: Any = {
        "mode": ["max", "average", "sum", "l2"],
        "window": [1, 2, 3, 4, 5],
        "stride": [0, 1, 2, 3, 4],
        "shift": list(SHIFTS),
    }[name]
    labels = {0: texts["as-window"]} | {k: f"{k} × {k}" for k in choices if name == "window"}
    return st.selectbox(
        texts[name],
        choices,
        choices.index(value),
        format_func=lambda choice: str(labels.get(choice, texts.get(choice, choice))),
        key=key,
        bind="query-params",
    )


def typed(options: Options, key: str, texts: dict[str, str]) -> list[list[float]]:
    """Raises AnswerError."""
    if "numbers" not in options.controls or hidden("numbers"):
        return options.image
    with st.expander(texts["numbers"]):
        rows = from_text(st.text_area(texts["image"], as_text(options.image), key=f"{key}-typed", height=150), texts)
    if max(len(rows), len(rows[0])) > LARGEST:
        raise AnswerError(texts["large"].format(largest=LARGEST))
    return rows


def drawn(image: np.ndarray, chosen: dict, texts: dict[str, str]) -> dict:
    """The data for the browser. Raises NetworkError, ValidationError."""
    settings = (chosen["mode"], chosen["window"], chosen["stride"] or None)
    before = pool(image, *settings)
    shifted = moved(image, *SHIFTS[chosen["shift"]])
    after = pool(shifted, *settings)
    inputs, outputs = changed(image, shifted), changed(before.map, after.map)
    return {
        "sides": [side(image, before, settings[0])]
        + ([side(shifted, after, settings[0])] if chosen["shift"] != "none" else []),
        "changed": np.argwhere(outputs).tolist(),
        "window": chosen["window"],
        "stride": chosen["stride"] or chosen["window"],
        "summary": texts["changed"].format(
            inputs=inputs.sum(), all_inputs=inputs.size, outputs=outputs.sum(), all_outputs=outputs.size
        ),
        "arithmetic": arithmetic_in_words(before.arithmetic),
        "words": texts,
    }


def side(image: np.ndarray, pooled: Pooled, mode: str) -> dict:
    return {
        "image": image.tolist(),
        "map": pooled.map.tolist(),
        "lines": [[line(mode, window) for window in row] for row in pooled.windows],
    }


def line(mode: str, window: np.ndarray) -> str:
    """The arithmetic of one window, without its result."""
    shown = [f"{value:.4g}".replace("-", "\N{MINUS SIGN}") for value in window[:MOST_TERMS]]
    more = [" …"] if len(window) > MOST_TERMS else []
    if mode == "max":
        return f"max({', '.join([*shown, *more])})"
    if mode == "l2":
        return f"√({' + '.join([f'{term}²' for term in bracketed(shown)] + more)})"
    total = " + ".join(bracketed(shown) + more)
    return total if mode == "sum" else f"({total}) / {len(window)}"


def bracketed(terms: list[str]) -> list[str]:
    return [f"({term})" if term.startswith("\N{MINUS SIGN}") else term for term in terms]
