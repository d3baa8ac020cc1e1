"""A line of years with cards: arrow keys or pointer go from one to the next."""

from pydantic import Field

from core.spec import Spec
from pages.ui.component import component
from pages.ui.translations import words


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
    component(__file__)(key=f"{key}-cards", data={**options.model_dump(), "words": words(__file__)})
