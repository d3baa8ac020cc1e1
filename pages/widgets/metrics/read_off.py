"""Curves to read off: a line follows the pointer or the arrow keys, and a sentence gives each curve's value there."""

import re

from pydantic import Field, model_validator

from core.spec import Spec
from pages.ui.component import component
from pages.ui.translations import words


MOST = 400


class Curve(Spec):
    """{name} in the sentence is replaced by the curve's value."""

    name: str = Field(pattern="^[a-z]+$")
    label: str
    values: list[float]
    tone: str = Field(default="output", pattern="^(input|kernel|output|gradient)$")
    digits: int = Field(default=1, ge=0, le=6)
    percent: bool = True


class Options(Spec):
    """Curves over `x`. `sentence` may use {x} and the {name} of each curve; `even` spaces points equally."""

    title: str
    x: list[float] = Field(min_length=2, max_length=MOST)
    x_label: str
    x_digits: int = Field(default=0, ge=0, le=6)
    x_percent: bool = False
    curves: list[Curve] = Field(min_length=1, max_length=4)
    sentence: str = ""
    even: bool = False
    from_zero: bool = False
    start: int = 0

    @model_validator(mode="after")
    def _same_length(self):
        for one in self.curves:
            if len(one.values) != len(self.x):
                raise ValueError(f"x has {len(self.x)} values, but the curve {one.label!r} has {len(one.values)}")
        if unknown := set(re.findall(r"{(.*?)}", self.sentence)) - {"x", *(one.name for one in self.curves)}:
            raise ValueError(f"sentence: there is no curve named {min(unknown)!r}")
        return self


def show(options: Options, key: str) -> None:
    component(__file__)(key=f"{key}-curves", data={**options.model_dump(), "words": words(__file__)})
