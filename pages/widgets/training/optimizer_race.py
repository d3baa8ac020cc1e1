"""Several optimisers on the same landscape: the position of each one after every step."""

from typing import Any

import streamlit as st
from pydantic import Field, field_validator

from core.demos.learning.loss_surfaces import SURFACES, heights, path, relief
from core.demos.learning.optimizer_trace import KINDS
from core.spec import Spec
from pages.ui.component import component
from pages.ui.hidden_controls import hidden
from pages.ui.translations import words


CONTROLS = ("surface", "runners", "speed")
RATES = {
    "sgd": 0.4,
    "momentum": 0.1,
    "nesterov": 0.1,
    "adagrad": 0.8,
    "rmsprop": 0.1,
    "adadelta": 30.0,
    "adam": 0.25,
}
TUNED = {"valley": {"sgd": 0.94, "momentum": 0.35, "nesterov": 0.47}}
"""On this surface, the rates with which the last ten of 60 steps are lowest."""
SPEEDS = (0.1, 0.5, 1.0, 2.0, 2.6, 4.0)
NAMES = {
    "sgd": "Plain (SGD)",
    "momentum": "Momentum",
    "nesterov": "Nesterov",
    "adagrad": "Adagrad",
    "rmsprop": "RMSProp",
    "adadelta": "Adadelta",
    "adam": "Adam",
}


class Options(Spec):
    """`surface` is one of core.demos.learning.loss_surfaces; `runners` are kinds of optimisers, each with a suitable
    learning rate."""

    surface: str = "valley"
    runners: tuple[str, ...] = ("sgd", "momentum")
    steps: int = Field(default=60, ge=5, le=200)
    speed: float = 1.0
    controls: tuple[str, ...] = CONTROLS

    @field_validator("surface")
    @classmethod
    def _known_surface(cls, name):
        if name not in SURFACES:
            raise ValueError(f"there is no surface {name!r}; choose from {', '.join(SURFACES)}")
        return name

    @field_validator("runners")
    @classmethod
    def _known_runners(cls, kinds):
        if unknown := sorted(set(kinds) - set(KINDS)):
            raise ValueError(f"there is no optimizer {unknown[0]!r}; choose from {', '.join(KINDS)}")
        return kinds

    @field_validator("speed")
    @classmethod
    def _known_speed(cls, speed):
        if speed not in SPEEDS:
            raise ValueError(f"speed must be one of {', '.join(map(str, SPEEDS))}")
        return speed


def show(options: Options, key: str) -> None:
    texts = words(__file__)
    surface, runners, speed = choose(options, key, texts)
    across, up = SURFACES[surface].reach
    component(__file__)(
        key=f"{key}-race",
        data={
            "relief": relief(surface).tolist(),
            "reach": [across, up],
            "runners": [runner(surface, kind, speed, options.steps, texts) for kind in runners],
            "words": texts,
        },
    )


def choose(options: Options, key: str, texts: dict[str, str]) -> tuple[str, list[str], float]:
    """Landscape, optimisers and the factor on their learning rates; each choice is also kept in the page's address."""
    offered = [name for name in options.controls if name in CONTROLS and not hidden(name)]
    result: dict[str, Any] = {"surface": options.surface, "runners": list(options.runners), "speed": options.speed}
    for name, column in zip(
        offered, st.columns([3 if name == "runners" else 1 for name in offered]) if offered else (), strict=True
    ):
        with column:
            result[name] = control(name, result[name], f"{key}-{name}", texts)
    return result["surface"], result["runners"], result["speed"]


def control(name: str, value, key: str, texts: dict[str, str]):
    if name == "runners":
        labels = NAMES | texts
        return st.multiselect(
            texts[name], KINDS, value, format_func=lambda kind: labels[kind], key=key, bind="query-params"
        )
    choices = list(SURFACES) if name == "surface" else list(SPEEDS)
    return st.selectbox(
        texts[name],
        choices,
        choices.index(value),
        format_func=lambda choice: texts.get(choice, f"{choice}"),
        key=key,
        bind="query-params",
    )


def runner(surface: str, kind: str, speed: float, steps: int, texts: dict[str, str]) -> dict:
    rate = TUNED.get(surface, RATES).get(kind, RATES[kind]) * speed
    result = path(surface, kind, rate, steps)
    return {
        "kind": kind,
        "name": texts.get(kind, NAMES[kind]),
        "rate": rate,
        "path": result.tolist(),
        "heights": heights(surface, result).tolist(),
    }
