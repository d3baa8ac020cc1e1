"""A small network fits a few noisy points of a sine wave: its output and both errors at every check."""

import streamlit as st
from pydantic import Field, field_validator

from core.demos.learning.overfitting import Overfit, overfit, wave
from core.spec import Spec
from pages.ui.component import component
from pages.ui.hidden_controls import hidden
from pages.ui.translations import words


CONTROLS = ("units", "points", "patience")
CHOICES = {"units": (2, 5, 20, 40), "points": (10, 30), "patience": (2, 5, 8, 15)}


class Options(Spec):
    units: int = 20
    points: int = 10
    patience: int = 8
    controls: tuple[str, ...] = CONTROLS
    start: int = Field(default=0, ge=0)
    """The check shown at first."""

    @field_validator("units", "points", "patience")
    @classmethod
    def _known(cls, value, info):
        if value not in CHOICES[info.field_name]:
            raise ValueError(f"must be one of {', '.join(map(str, CHOICES[info.field_name]))}")
        return value


def show(options: Options, key: str) -> None:
    texts = words(__file__)
    result = {name: getattr(options, name) for name in CONTROLS}
    offered = [name for name in options.controls if name in CONTROLS and not hidden(name)]
    for name, column in zip(offered, st.columns(len(offered)) if offered else (), strict=True):
        with column:
            choices = CHOICES[name]
            result[name] = st.selectbox(
                texts[name], choices, choices.index(result[name]), key=f"{key}-{name}", bind="query-params"
            )
    run = overfit(result["units"], result["points"])
    component(__file__)(key=f"{key}-fit", data=drawn(run, result["patience"], options.start, texts))


def drawn(run: Overfit, patience: int, start: int, texts: dict[str, str]) -> dict:
    return {
        "points": list(zip(run.x.tolist(), run.y.tolist(), strict=True)),
        "judges": list(zip(run.judge_x.tolist(), run.judge_y.tolist(), strict=True)),
        "grid": run.grid.tolist(),
        "wave": wave(run.grid).tolist(),
        "drawn": run.drawn.round(4).tolist(),
        "steps": run.steps.tolist(),
        "training": run.training.tolist(),
        "validation": run.validation.tolist(),
        "best": run.best,
        "stopped": run.stopped(patience),
        "start": start,
        "words": texts,
    }
