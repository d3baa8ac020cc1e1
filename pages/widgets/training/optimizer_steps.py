"""One parameter, step by step: the gradient, the optimiser's state, and the update written out."""

import math
from typing import Any

import numpy as np
import streamlit as st
from pydantic import Field, ValidationError, field_validator

from core.demos.learning.optimizer_trace import KINDS, OUTSIDE, follow, optimizer, working
from core.experiment.messages import explain
from core.lessons.answers import AnswerError, read_numbers
from core.spec import Spec
from pages.ui.component import component
from pages.ui.formatting import sentence
from pages.ui.hidden_controls import hidden
from pages.ui.translations import words
from pages.widgets.training.optimizer_race import NAMES


CONTROLS = ("optimizer", "gradients", "learning_rate")
MOST = 40


class Options(Spec):
    """The gradients are given, or come from `curvature`: then f = curvature / 2 * θ^2, differentiated at each step."""

    optimizer: str = "sgd"
    gradients: list[float] = Field(default=[0.5, 0.5, -0.25], min_length=1, max_length=MOST)
    curvature: float | None = None
    steps: int = Field(default=8, ge=1, le=MOST)
    """Used with `curvature`."""
    learning_rates: list[float] = Field(default=[0.1], min_length=1, max_length=MOST)
    start: float = 1.0
    offered: tuple[str, ...] = KINDS
    """The optimisers to choose from."""
    controls: tuple[str, ...] = CONTROLS

    @field_validator("offered")
    @classmethod
    def _known(cls, kinds):
        if unknown := sorted(set(kinds) - {*KINDS, OUTSIDE}):
            raise ValueError(f"there is no optimizer {unknown[0]!r}; choose from {', '.join([*KINDS, OUTSIDE])}")
        return kinds


def show(options: Options, key: str) -> None:
    texts = words(__file__)
    try:
        kind, gradients, rates = choose(options, key, texts)
        rule = optimizer(kind, rates[0])
    except AnswerError as error:
        st.error(sentence(str(error)))
        return
    except ValidationError as error:
        st.error(sentence(explain(error)))
        return
    trace = follow(rule, slope(options, gradients), rates, options.start)
    component(__file__)(
        key=f"{key}-steps",
        data={
            "start": options.start,
            "gradients": [sent(step.gradient) for step in trace],
            "rates": [step.rate for step in trace],
            "positions": [sent(step.after) for step in trace],
            "working": [working(rule, step) for step in trace],
            "words": texts,
        },
    )


def sent(value: float) -> float | str:
    """As JSON allows: infinity and NaN become strings that JavaScript's Number() reads."""
    return value if math.isfinite(value) else {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}[str(value)]


def slope(options: Options, gradients):
    if options.curvature is not None:
        return lambda w, number: options.curvature * w
    return lambda w, number: gradients[number]


def choose(options: Options, key: str, texts: dict[str, str]) -> tuple[str, list[float], np.ndarray]:
    """Kind, gradients and learning rates (one per step). Raises AnswerError."""
    offered = [name for name in options.controls if name in CONTROLS and not hidden(name)]
    offered = [name for name in offered if name != "gradients" or options.curvature is None]
    result: dict[str, Any] = {
        "optimizer": options.optimizer,
        "gradients": options.gradients,
        "learning_rate": options.learning_rates,
    }
    for name, column in zip(offered, st.columns(len(offered)) if offered else (), strict=True):
        with column:
            result[name] = control(name, result[name], options.offered, f"{key}-{name}", texts)
    steps = len(result["gradients"]) if options.curvature is None else options.steps
    if steps > MOST:
        raise AnswerError(texts["many"].format(most=MOST))
    if len(result["learning_rate"]) not in (1, steps):
        raise AnswerError(texts["rates"])
    return result["optimizer"], result["gradients"], np.broadcast_to(result["learning_rate"], steps)


def control(name: str, value, offered: tuple[str, ...], key: str, texts: dict[str, str]):
    if name == "optimizer":
        return st.selectbox(
            texts[name],
            offered,
            offered.index(value),
            format_func=lambda kind: texts.get(kind, NAMES.get(kind, kind)),
            key=key,
            bind="query-params",
        )
    text = st.text_input(texts[name], " ".join(f"{number:g}" for number in value), key=key, bind="query-params")
    return read_numbers(text)
