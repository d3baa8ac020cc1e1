"""What every unit of a trained network with two hidden layers answers to a digit: each input has a pattern of its own."""

from core.numerics.losses import softmax
from core.spec import Spec
from pages.recorded.arrays import load
from pages.ui.component import component
from pages.ui.provenance import origin
from pages.ui.translations import words


RECORDING = "activation-patterns"
WORDS = {
    "en": {
        "digits": "Twenty test digits: choose one",
        "label": "Digits: arrow keys choose another",
        "first": "First hidden layer, {n} units",
        "second": "Second hidden layer, {n} units",
        "out": "Probabilities of the ten classes",
        "heard": "Digit {d}. First layer {a}. Second layer {b}.",
        "table": "All three layers as a table",
        "tip": "Point at a digit, or use the arrow keys. Strong colour: the unit answers loudly.",
    },
    "de": {
        "digits": "Zwanzig Testziffern: wähle eine",
        "label": "Ziffern: Pfeiltasten wählen eine andere",
        "first": "Erste verborgene Schicht, {n} Einheiten",
        "second": "Zweite verborgene Schicht, {n} Einheiten",
        "out": "Wahrscheinlichkeiten der zehn Klassen",
        "heard": "Ziffer {d}. Erste Schicht {a}. Zweite Schicht {b}.",
        "table": "Alle drei Schichten als Tabelle",
        "tip": "Zeige auf eine Ziffer, oder nimm die Pfeiltasten. Kräftige Farbe: die Einheit antwortet laut.",
    },
}


class Options(Spec):
    """Nothing to choose: one recording."""


def show(options: Options, key: str) -> None:
    found, texts = load(RECORDING), words(WORDS)
    data = {
        "pictures": found.packed["pictures"].levels,
        "labels": found.numbers["labels"],
        "layers": [found.numbers["first"], found.numbers["second"], softmax(found.array("logits")).round(4).tolist()],
        "words": texts,
    }
    component(__file__)(key=f"{key}-patterns", data=data)
    origin(found)
