"""A timeline of cards, one at a time: the arrow keys or the pointer move between years."""

from pydantic import Field

from core.spec import Spec
from pages.ui.component import component
from pages.ui.translations import words


class Card(Spec):
    year: int
    title: str
    text: str
    tone: str = Field(default="input", pattern="^(input|kernel|output|gradient)$")
    """The colour of the event; the lesson explains what each colour means."""
    kind: str = ""
    """The same as a word, so that nothing is said by colour alone."""


class Options(Spec):
    title: str
    cards: list[Card] = Field(min_length=2, max_length=40)


def show(options: Options, key: str) -> None:
    component(__file__)(key=f"{key}-cards", data={**options.model_dump(), "words": words(__file__)})
