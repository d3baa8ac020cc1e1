"""One neuron with two inputs: its weighted sum, its bend, and the plane of all inputs it can hear."""

from pydantic import Field

from core.demos.learning.function_curves import BENDS
from core.spec import Spec
from pages.ui.component import component
from pages.ui.translations import words


WORDS = {
    "en": {
        "plane": "What it answers to every input",
        "planeLabel": "Plane of inputs: arrow keys move the input point",
        "curve": "The bend, and where this input stands on it",
        "bend": "bend",
        "tip": "Point at the plane, or focus it and use the arrow keys, to choose the input. The bold line is where z = 0.",
        "heard": "z is {z}, the answer is {y}",
        "linear": "none (linear)",
        "sigmoid": "sigmoid",
        "tanh": "tanh",
        "relu": "ReLU",
        "leaky_relu": "leaky ReLU (0.1)",
        "elu": "ELU",
        "planeTable": "The plane as a table",
        "curveTable": "The curve as a table",
    },
    "de": {
        "plane": "Was es auf jede Eingabe antwortet",
        "planeLabel": "Ebene der Eingaben: Pfeiltasten bewegen den Eingabepunkt",
        "curve": "Der Knick, und wo diese Eingabe auf ihm steht",
        "bend": "Knick",
        "tip": "Zeige auf die Ebene, oder gehe hinein und nimm die Pfeiltasten, um die Eingabe zu wählen. Auf der dicken Linie ist z = 0.",
        "heard": "z ist {z}, die Antwort ist {y}",
        "linear": "keiner (linear)",
        "sigmoid": "Sigmoid",
        "tanh": "tanh",
        "relu": "ReLU",
        "leaky_relu": "Leaky ReLU (0,1)",
        "elu": "ELU",
        "planeTable": "Die Ebene als Tabelle",
        "curveTable": "Die Kurve als Tabelle",
    },
}


class Options(Spec):
    """Where the student starts."""

    weights: tuple[float, float] = (1.0, -2.0)
    bias: float = 0.5
    input: tuple[float, float] = (1.5, 0.5)
    bend: str = Field(default="sigmoid", pattern=f"^({'|'.join(BENDS)})$")


def show(options: Options, key: str) -> None:
    data = {"start": options.model_dump(), "bends": list(BENDS), "words": words(WORDS)}
    component(__file__)(key=f"{key}-neuron", data=data)
