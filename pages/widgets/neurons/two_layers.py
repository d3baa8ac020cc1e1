"""Two layers without an activation beside the single layer they collapse to, and what an activation changes."""

from pydantic import Field

from core.spec import Spec
from pages.ui.component import component
from pages.ui.translations import words


class Options(Spec):
    """`first` holds the weights of two hidden units (one row each), `second` those of the output."""

    first: tuple[tuple[float, float], tuple[float, float]]
    second: tuple[float, float]
    input: tuple[float, float] = (1.0, 1.0)
    activation: str = Field(default="linear", pattern="^(linear|relu|tanh)$")


def show(options: Options, key: str) -> None:
    data = {"start": options.model_dump(), "words": words(__file__)}
    component(__file__)(key=f"{key}-layers", data=data)
