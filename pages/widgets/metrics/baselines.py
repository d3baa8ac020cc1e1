"""The accuracy of three guessing rules that never look at an image, for class counts that you can change."""

import numpy as np
import streamlit as st
from pydantic import Field, model_validator

from core.figures.scores import shares
from core.lessons.answers import AnswerError, read_numbers
from core.metrics.baselines import baselines
from core.spec import Spec
from pages.ui.formatting import percent, sentence
from pages.ui.hidden_controls import hidden
from pages.ui.live_chart import chart
from pages.ui.tables import table
from pages.ui.translations import words


CONTROLS = ("numbers",)


class Options(Spec):
    """`counts` of images and `names` of the classes."""

    counts: tuple[float, ...] = Field(min_length=2, max_length=20)
    names: tuple[str, ...]
    controls: tuple[str, ...] = CONTROLS

    @model_validator(mode="after")
    def _fit(self):
        if len(self.counts) != len(self.names):
            raise ValueError(f"give one name per class: {len(self.names)} names for {len(self.counts)} counts")
        return self


def show(options: Options, key: str) -> None:
    texts = words(__file__)
    try:
        counts = chosen(options, key, texts)
    except AnswerError as error:
        st.error(sentence(str(error)))
        return
    scores = baselines(counts)
    names = [texts["majority"], texts["prior"], texts["uniform"]]
    values = [scores.majority, scores.prior, scores.uniform]
    summary = ", ".join(f"{name} {percent(value)}" for name, value in zip(names, values, strict=True))
    figure = shares(names, values).update_layout(xaxis_title_text=texts["accuracy"])
    chart(figure, f"{key}-chart", texts["title"], f"{texts['title']}: {summary}.", 190)
    rows = [[name, percent(value)] for name, value in zip(names, values, strict=True)]
    table([texts["who"], texts["accuracy"]], rows, summary)


def chosen(options: Options, key: str, texts: dict[str, str]) -> np.ndarray:
    """Raises AnswerError."""
    if "numbers" not in options.controls or hidden("numbers"):
        return np.array(options.counts)
    label = texts["counts"].format(names=", ".join(options.names))
    typed = read_numbers(st.text_input(label, " ".join(f"{n:g}" for n in options.counts), key=f"{key}-counts"))
    if len(typed) != len(options.names) or min(typed) < 0 or not any(typed):
        raise AnswerError(texts["need"].format(count=len(options.names)))
    return np.array(typed)
