"""The digits that a recorded network is least sure of: each picture, its ten outputs, and what is written there."""

from pydantic import field_validator

from core.lessons.vocabulary.measured_tables import measured_numbers
from core.spec import Spec
from pages.recorded import measured
from pages.ui.component import component
from pages.ui.translations import words


KEYS = ("doubtful", "doubtful_truth", "doubtful_outputs")
WORDS = {
    "en": {
        "title": "The {count} test digits whose first and second answer are closest",
        "list": "Arrow keys go to the next doubtful digit",
        "input": "Picture {k} of {count}",
        "output": "Ten outputs",
        "told": "Closest call {k}: it says {said}, and nearly {second} (ahead by {lead}). It is a {truth}: {verdict}.",
        "right": "right",
        "wrong": "wrong",
        "keys": "Point at a small picture, or focus them and use the arrow keys.",
        "table": "The outputs as a table",
    },
    "de": {
        "title": "Die {count} Testziffern, deren erste und zweite Antwort am nächsten beieinanderliegen",
        "list": "Pfeiltasten gehen zur nächsten zweifelhaften Ziffer",
        "input": "Bild {k} von {count}",
        "output": "Zehn Ausgaben",
        "told": "Knapper Fall {k}: es sagt {said}, und beinahe {second} (Vorsprung {lead}). Da steht eine {truth}: {verdict}.",
        "right": "richtig",
        "wrong": "falsch",
        "keys": "Zeige auf ein kleines Bild, oder wähle sie und nimm die Pfeiltasten.",
        "table": "Die Ausgaben als Tabelle",
    },
}


class Options(Spec):
    """`name` of a measured table that has doubtful pictures."""

    name: str

    @field_validator("name")
    @classmethod
    def _has_them(cls, name):
        if name not in measured.names() or not set(KEYS) <= set(measured.load(name).numbers):
            raise ValueError(f"there is no measured table {name!r} with doubtful digits")
        return name


def show(options: Options, key: str) -> None:
    pictures, truth, outputs = (measured_numbers(options.name, what).tolist() for what in KEYS)
    data = {"pictures": pictures, "truth": truth, "outputs": outputs, "words": words(WORDS)}
    component(__file__)(key=f"{key}-doubtful", data=data)
