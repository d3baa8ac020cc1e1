"""Logits as sliders, softmax as bars: one logit changes all probabilities, a common shift changes none."""

from pydantic import Field

from core.spec import Spec
from pages.ui.component import component
from pages.ui.translations import words


class Options(Spec):
    logits: tuple[float, ...] = Field(min_length=2, max_length=5)
    names: tuple[str, ...] = ()


def show(options: Options, key: str) -> None:
    names = options.names or tuple(f"z{k + 1}" for k in range(len(options.logits)))
    data = {"logits": options.logits, "names": names, "words": words(__file__)}
    component(__file__)(key=f"{key}-softmax", data=data)
