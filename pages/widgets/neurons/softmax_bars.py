"""Logits as sliders, their softmax as bars: what one logit does to all probabilities, and what a common shift does not."""

from pydantic import Field

from core.spec import Spec
from pages.ui.component import component
from pages.ui.translations import words


WORDS = {
    "en": {
        "logit": "logit",
        "shift": "add to all",
        "table": "The same as a table",
        "heard": "Probabilities {p}",
        "label": "Probabilities: left and right choose a logit, up and down change it",
        "tip": "Drag a slider; or focus the bars: left and right choose a logit, up and down change it.",
        "answer": "answer",
        "probability": "probability",
    },
    "de": {
        "logit": "Logit",
        "shift": "zu allen addieren",
        "table": "Dasselbe als Tabelle",
        "heard": "Wahrscheinlichkeiten {p}",
        "label": "Wahrscheinlichkeiten: links und rechts wählen ein Logit, auf und ab ändern es",
        "tip": "Ziehe einen Schieber; oder gehe in die Balken: links und rechts wählen ein Logit, auf und ab ändern es.",
        "answer": "Antwort",
        "probability": "Wahrscheinlichkeit",
    },
}


class Options(Spec):
    logits: tuple[float, ...] = Field(min_length=2, max_length=5)
    names: tuple[str, ...] = ()


def show(options: Options, key: str) -> None:
    names = options.names or tuple(f"z{k + 1}" for k in range(len(options.logits)))
    data = {"logits": options.logits, "names": names, "words": words(WORDS)}
    component(__file__)(key=f"{key}-softmax", data=data)
