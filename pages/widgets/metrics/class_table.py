"""A confusion matrix of several classes: recall per row, precision per column, and three averages."""

import numpy as np
import streamlit as st
from pydantic import Field, field_validator

from core.lessons.answers import AnswerError, read_numbers
from core.metrics.confusion import accuracy, balanced_accuracy, class_scores, macro, micro, weighted
from core.spec import Spec
from pages.ui.component import component
from pages.ui.dial import number
from pages.ui.formatting import sentence
from pages.ui.hidden_controls import hidden
from pages.ui.translations import words


CONTROLS = ("numbers",)
MOST = 10_000_000


class Options(Spec):
    """`matrix` (K, K) of counts, rows the truth; `names` of the K classes."""

    matrix: list[list[float]] = Field(min_length=2, max_length=12)
    names: tuple[str, ...]
    controls: tuple[str, ...] = CONTROLS

    @field_validator("matrix")
    @classmethod
    def _square(cls, rows):
        if not square(rows, len(rows)):
            raise ValueError("a confusion matrix has as many columns as rows, and its cells are counts")
        return rows


def square(rows: list[list[float]], count: int) -> bool:
    return len(rows) == count and all(
        len(row) == count and all(0 <= n <= MOST and n == int(n) for n in row) for row in rows
    )


def show(options: Options, key: str) -> None:
    texts = words(__file__)
    try:
        matrix = np.array(chosen(options, key, texts), np.int64)
    except AnswerError as error:
        st.error(sentence(str(error)))
        return
    scores = class_scores(matrix)
    component(__file__)(
        key=f"{key}-matrix",
        data={
            "matrix": matrix.tolist(),
            "names": list(options.names),
            "recall": [number(value) for value in scores.recall],
            "precision": [number(value) for value in scores.precision],
            "truths": matrix.sum(axis=1).tolist(),
            "predictions": matrix.sum(axis=0).tolist(),
            "words": texts,
            "averages": averages(matrix, texts),
            "single": [
                [texts["accuracy"], number(accuracy(matrix))],
                [texts["balanced"], number(balanced_accuracy(matrix))],
            ],
        },
    )


def averages(matrix: np.ndarray, texts: dict[str, str]) -> list[list[str]]:
    result = {"macro": macro(matrix), "weighted": weighted(matrix), "micro": micro(matrix)}
    return [[texts[kind], number(one.precision), number(one.recall), number(one.f1)] for kind, one in result.items()]


def chosen(options: Options, key: str, texts: dict[str, str]) -> list[list[float]]:
    """The counts from the lesson, or as typed. Raises AnswerError."""
    if "numbers" not in options.controls or hidden("numbers"):
        return options.matrix
    with st.expander(texts["numbers"]):
        given = "\n".join(" ".join(f"{n:g}" for n in row) for row in options.matrix)
        typed = st.text_area(texts["matrix"], given, key=f"{key}-typed", height=110)
    rows = [read_numbers(line) for line in typed.splitlines() if line.strip()]
    if not square(rows, len(options.names)):
        raise AnswerError(texts["rows"].format(count=len(options.names)))
    return rows
