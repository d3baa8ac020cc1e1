"""A line of years with cards: arrow keys or pointer go from one to the next."""

from pydantic import Field

from core.spec import Spec
from pages.ui.component import component
from pages.ui.translations import words


WORDS = {
    "en": {"keys": "Point at a year, or focus the line and use the arrow keys.", "table": "All cards in a row"},
    "de": {
        "keys": "Zeige auf ein Jahr, oder wähle die Linie und nimm die Pfeiltasten.",
        "table": "Alle Karten nacheinander",
    },
}


class Card(Spec):
    year: int
    title: str
    text: str
    tone: str = Field(default="input", pattern="^(input|kernel|output|gradient)$")
    """What kind of event: the lesson says which colour means what."""
    kind: str = ""
    """The same as a word, so that colour is never alone."""


class Options(Spec):
    title: str
    cards: list[Card] = Field(min_length=2, max_length=40)


def show(options: Options, key: str) -> None:
    component(__file__)(key=f"{key}-cards", data={**options.model_dump(), "words": words(WORDS)})
