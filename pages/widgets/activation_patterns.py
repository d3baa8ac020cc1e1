"""What every unit of a trained network with two hidden layers answers to a digit: each input has a pattern of its own."""

import streamlit as st

from core.maths.losses import softmax
from core.sharing import to_word
from core.spec import Spec
from pages.recorded.arrays import load
from pages.widgets import words
from pages.widgets.base import component


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
        "lab": "Open this in the lab",
        "how": "How it was made",
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
        "lab": "Im Labor öffnen",
        "how": "Wie es gemacht wurde",
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
    component("activation_patterns", "plot")(key=f"{key}-patterns", data=data)
    st.markdown(f":small[{found.label}]")
    st.page_link("pages/lab/build.py", label=texts["lab"], query_params={"experiment": to_word(found.experiment)})
    with st.expander(texts["how"]):
        st.code(found.command, language="bash")
