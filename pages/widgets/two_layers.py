"""Two layers without a bend beside the single layer they amount to; and what a bend between them changes."""

from pydantic import Field

from core.spec import Spec
from pages.widgets import words
from pages.widgets.base import component


WORDS = {
    "en": {
        "two": "Two layers",
        "one": "One layer",
        "label": "Output along x₁: arrow keys move the input",
        "bend": "bend between",
        "linear": "none",
        "relu": "ReLU",
        "tanh": "tanh",
        "same": "The same for every input.",
        "differs": "With a bend in between, no single layer gives the solid line.",
        "tip": "Point at the drawing, or use the arrow keys: left and right move x₁, up and down x₂. Every weight is a slider.",
        "heard": "two layers {two}, one layer {one}",
        "weights": "Change the weights",
    },
}


class Options(Spec):
    """`first` are the weights of two hidden units (a row each), `second` those of the output."""

    first: tuple[tuple[float, float], tuple[float, float]]
    second: tuple[float, float]
    input: tuple[float, float] = (1.0, 1.0)
    bend: str = Field(default="linear", pattern="^(linear|relu|tanh)$")


def show(options: Options, key: str) -> None:
    data = {"start": options.model_dump(), "words": words(WORDS)}
    component("two_layers", "sliders", "plot", "network_maths")(key=f"{key}-layers", data=data)
