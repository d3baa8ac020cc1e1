"""Curves of functions of one variable: point at a position and read value and slope of each."""

import numpy as np
from pydantic import Field, field_validator

from core.demos.learning.function_curves import CURVES, sampled
from core.spec import Spec
from pages.ui.component import component
from pages.ui.translations import words


STYLES = ("output", "kernel dashed", "input", "gradient dashed", "thin", "dashed")


class Options(Spec):
    """`functions` are names of core.demos.learning.function_curves; `start` is the first position of the pointer."""

    functions: tuple[str, ...] = Field(min_length=1, max_length=len(STYLES))
    low: float = -4
    high: float = 4
    floor: float = -1.5
    ceiling: float = 3
    start: float = 1
    step: float = Field(default=0.05, gt=0)
    below: str = "z"
    beside: str = ""

    @field_validator("functions")
    @classmethod
    def _known(cls, functions):
        if unknown := sorted(set(functions) - set(CURVES)):
            raise ValueError(f"there is no function {unknown[0]!r}; choose from {', '.join(CURVES)}")
        return functions


def show(options: Options, key: str) -> None:
    texts = words(__file__)
    x = np.round(np.arange(options.low, options.high + options.step / 2, options.step), 6)
    drawn = [
        {"name": texts[name], "style": style, **{k: v.tolist() for k, v in sampled(name, x).items()}}
        for name, style in zip(options.functions, STYLES, strict=False)
    ]
    range_ = {"x": [options.low, options.high], "y": [options.floor, options.ceiling]}
    names = [options.below, options.beside]
    start = int(np.abs(x - options.start).argmin())
    data = {"grid": x.tolist(), "curves": drawn, **range_, "names": names, "start": start, "words": texts}
    component(__file__)(key=f"{key}-curves", data=data)
