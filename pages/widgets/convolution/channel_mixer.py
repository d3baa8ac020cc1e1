"""Several input maps, several output maps: the partial map of each pair, and how they add up."""

from typing import Literal

import numpy as np
import streamlit as st
from pydantic import Field, model_validator

from core.demos.images.channel_sums import partial_maps
from core.lessons.answers import AnswerError, read_numbers
from core.spec import Spec
from pages.ui.component import component
from pages.ui.formatting import sentence
from pages.ui.hidden_controls import hidden
from pages.ui.translations import words, words_in


CONTROLS = ("numbers",)
MOST = 8


class Options(Spec):
    """`maps` (C, H, W), `kernels` (M, C, kh, kw), `biases` (M,) or none; `tones`: the colours of channels that are
    colours."""

    maps: list[list[list[float]]] = Field(min_length=1)
    kernels: list[list[list[list[float]]]] = Field(min_length=1)
    biases: list[float] = Field(default_factory=list)
    tones: tuple[Literal["red", "green", "blue"], ...] = ()
    controls: tuple[str, ...] = CONTROLS

    @model_validator(mode="after")
    def _fit(self):
        flat = [kernel for kernels in self.kernels for kernel in kernels]
        if any(len(kernels) != len(self.maps) for kernels in self.kernels):
            raise ValueError("every output map needs one kernel per input map")
        checked(self.maps, flat, self.biases or [0.0] * len(self.kernels), words_in(__file__, "en"))
        return self


def show(options: Options, key: str) -> None:
    texts = words(__file__)
    try:
        x, w, b = numbers(options, key, texts)
    except AnswerError as error:
        st.error(sentence(str(error)))
        return
    parts = partial_maps(x, w)
    component(__file__)(
        key=f"{key}-maps",
        data={
            "x": x.tolist(),
            "w": w.tolist(),
            "b": b.tolist(),
            "parts": parts.tolist(),
            "y": (parts.sum(axis=1) + b[:, None, None]).tolist(),
            "tones": options.tones,
            "words": texts,
        },
    )


def numbers(options: Options, key: str, texts: dict[str, str]):
    """Maps, kernels and biases as arrays: from the lesson, or as typed. Raises AnswerError."""
    flat = [kernel for kernels in options.kernels for kernel in kernels]
    biases = options.biases or [0.0] * len(options.kernels)
    if "numbers" not in options.controls or hidden("numbers"):
        return checked(options.maps, flat, biases, texts)
    with st.expander(texts["numbers"]):
        left, right = st.columns(2)
        maps = left.text_area(texts["maps"], as_text(options.maps), key=f"{key}-typed", height=190)
        kernels = right.text_area(texts["kernels"], as_text(flat), key=f"{key}-kernels", height=190)
        bias = left.text_input(texts["bias"], " ".join(f"{one:g}" for one in biases), key=f"{key}-bias")
    return checked(from_text(maps), from_text(kernels), read_numbers(bias), texts)


def as_text(tables) -> str:
    return "\n\n".join("\n".join(" ".join(f"{number:g}" for number in row) for row in table) for table in tables)


def from_text(text: str) -> list[list[list[float]]]:
    """Raises AnswerError."""
    blocks = [block for block in text.replace("\r", "").split("\n\n") if block.strip()]
    return [[read_numbers(line) for line in block.splitlines() if line.strip()] for block in blocks]


def checked(maps, flat, biases, texts: dict[str, str]):
    """(C, H, W), (M, C, kh, kw), (M,). Raises AnswerError."""
    for tables in (maps, flat):
        if (
            not tables
            or len({(len(table), *map(len, table)) for table in tables}) != 1
            or len(set(map(len, tables[0]))) != 1
        ):
            raise AnswerError(texts["even"])
    if len(flat) % len(maps):
        raise AnswerError(texts["count"].format(inputs=len(maps), kernels=len(flat)))
    x, w = np.asarray(maps, np.float64), np.asarray(flat, np.float64)
    w = w.reshape(-1, len(maps), *w.shape[1:])
    if max(x.shape) > MOST or len(x) > 3 or len(w) > 4:
        raise AnswerError(texts["large"].format(most=MOST))
    if w.shape[2] > x.shape[1] or w.shape[3] > x.shape[2]:
        raise AnswerError(texts["small"])
    if len(biases) != len(w):
        raise AnswerError(texts["biases"].format(outputs=len(w)))
    return x, w, np.asarray(biases, np.float64)
