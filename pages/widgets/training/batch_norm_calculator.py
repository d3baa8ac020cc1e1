"""Batch norm of a few values: mean, standard deviation, and each value step by step."""

import streamlit as st
from pydantic import Field

from core.demos.learning.batch_norm_steps import normalised
from core.lessons.answers import AnswerError, read_number, read_numbers
from core.spec import Spec
from pages.ui.component import component
from pages.ui.formatting import sentence
from pages.ui.hidden_controls import hidden
from pages.ui.translations import words


CONTROLS = ("values", "gamma", "beta", "epsilon")
MOST = 24


class Options(Spec):
    values: list[float] = Field(default=[2, 4, 4, 4, 5, 5, 7, 9], min_length=2, max_length=MOST)
    gamma: float = 1.0
    beta: float = 0.0
    epsilon: float = Field(default=0.0, ge=0)
    controls: tuple[str, ...] = CONTROLS


def show(options: Options, key: str) -> None:
    texts = words(__file__)
    try:
        chosen = choose(options, key, texts)
        result = normalised(**chosen)
    except ValueError as error:
        st.error(sentence(str(error)))
        return
    component(__file__)(
        key=f"{key}-norm",
        data={
            "x": list(chosen["values"]),
            "normal": result.normal.tolist(),
            "y": result.y.tolist(),
            "mean": result.mean,
            "deviation": result.deviation,
            "gamma": chosen["gamma"],
            "beta": chosen["beta"],
            "words": texts,
        },
    )


def choose(options: Options, key: str, texts: dict[str, str]) -> dict:
    """Raises AnswerError, which is a ValueError."""
    result = {name: getattr(options, name) for name in CONTROLS}
    offered = [name for name in options.controls if name in CONTROLS and not hidden(name)]
    widths = [3 if name == "values" else 1 for name in offered]
    for name, column in zip(offered, st.columns(widths) if offered else (), strict=True):
        shown = result[name] if name == "values" else [result[name]]
        with column:
            text = st.text_input(
                texts[name], " ".join(f"{number:g}" for number in shown), key=f"{key}-{name}", bind="query-params"
            )
        result[name] = read_numbers(text) if name == "values" else read_number(text)
    if not 2 <= len(result["values"]) <= MOST:
        raise AnswerError(texts["many"])
    return result
