"""Two layers without a bend beside the single layer they amount to; and what a bend between them changes."""

from pydantic import Field

from core.spec import Spec
from pages.ui.component import component
from pages.ui.translations import words


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
        "number": "number",
        "netTable": "Both networks as a table",
        "lineTable": "Both lines as a table",
    },
    "de": {
        "two": "Zwei Schichten",
        "one": "Eine Schicht",
        "label": "Ausgabe entlang x₁: Pfeiltasten bewegen die Eingabe",
        "bend": "Knick dazwischen",
        "linear": "keiner",
        "relu": "ReLU",
        "tanh": "tanh",
        "same": "Dasselbe für jede Eingabe.",
        "differs": "Mit einem Knick dazwischen ergibt keine einzelne Schicht die durchgezogene Linie.",
        "tip": "Zeige auf die Zeichnung, oder nimm die Pfeiltasten: links und rechts bewegen x₁, auf und ab x₂. Jedes Gewicht ist ein Schieber.",
        "heard": "zwei Schichten {two}, eine Schicht {one}",
        "weights": "Die Gewichte ändern",
        "number": "Zahl",
        "netTable": "Beide Netze als Tabelle",
        "lineTable": "Beide Linien als Tabelle",
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
    component(__file__)(key=f"{key}-layers", data=data)
