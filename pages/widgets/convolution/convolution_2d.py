"""A kernel slides over an image: the patch, the products and their sum, for every cell of the output."""

from typing import Annotated, Any

import numpy as np
import streamlit as st
from pydantic import AfterValidator, Field, ValidationError, field_validator

from backends import convolution_lines
from core.data import catalogue
from core.data.dataset import DataError
from core.demos.images.cell_indexing import cell_in_code
from core.demos.images.convolution_2d import Slide, slide
from core.demos.images.uploaded_image import grey
from core.experiment.messages import explain
from core.lessons.answers import AnswerError, read_numbers
from core.network.errors import NetworkError
from core.spec import Spec
from pages.ui.arithmetic import arithmetic_in_words
from pages.ui.component import among, component
from pages.ui.formatting import sentence
from pages.ui.hidden_controls import hidden
from pages.ui.translations import words


CONTROLS = ("flip", "border", "padding", "stride", "dilation", "numbers", "code")
SOURCES = ("lesson", "digit", "own")
OWN_SIDE = 24
GREY = 50
"""An image with larger values is drawn in grey, 0 to 255."""
LARGEST = 32
"""Most rows and columns: smaller cells would be hard to point at."""


class Options(Spec):
    """`image` and `kernel` are rows of numbers. `controls` says which choices the student has."""

    image: list[list[float]] = Field(min_length=1, max_length=LARGEST)
    kernel: list[list[float]] = Field(min_length=1, max_length=LARGEST)
    flip: bool = False
    padding: str = Field(default="valid", pattern="^(valid|same|full|[0-9])$")
    border: str = Field(default="zero", pattern="^(zero|wrap)$")
    stride: int = Field(default=1, ge=1, le=4)
    dilation: int = Field(default=1, ge=1, le=3)
    controls: Annotated[tuple[str, ...], AfterValidator(among(CONTROLS))] = CONTROLS
    scale: str = Field(default="signed", pattern="^(signed|grey)$")
    """How the image is drawn; "grey" runs from 0 (black) to 255 (white)."""
    cell: tuple[int, int] = (0, 0)
    """The cell selected at first."""

    @field_validator("image", "kernel")
    @classmethod
    def _even_rows(cls, rows):
        if len({len(row) for row in rows}) != 1 or not rows[0]:
            raise ValueError("the rows differ in length; give every row the same number of values")
        return rows


def show(options: Options, key: str) -> None:
    texts = words(__file__)
    chosen = choose(options, key, texts)
    try:
        image, kernel = numbers(options, key, texts)
        result = slide(image, kernel, **chosen)
    except (AnswerError, DataError, NetworkError) as error:
        st.error(sentence(str(error)))
        return
    except ValidationError as error:
        st.error(sentence(explain(error)))
        return
    component(__file__)(key=f"{key}-map", data=drawn(result, options, chosen, texts))


def choose(options: Options, key: str, texts: dict[str, str]) -> dict:
    """The settings of `slide`; each choice is also kept in the page's address."""
    offered = [name for name in options.controls if name in CONTROLS[:5] and not hidden(name)]
    result = {name: getattr(options, name) for name in CONTROLS[:5]}
    for name, column in zip(
        offered, st.columns(len(offered), vertical_alignment="bottom") if offered else (), strict=True
    ):
        with column:
            result[name] = control(name, result[name], f"{key}-{name}", texts)
    result["padding"] = int(result["padding"]) if result["padding"].isdigit() else result["padding"]
    return result


def control(name: str, value, key: str, texts: dict[str, str]):
    if name == "flip":
        return st.toggle(texts["flip"], value, key=key, bind="query-params")
    choices: Any = {
        "padding": ["valid", "same", "full", "1", "2", "3"],
        "border": ["zero", "wrap"],
        "stride": [1, 2, 3, 4],
        "dilation": [1, 2, 3],
    }[name]
    return st.selectbox(
        texts[name],
        choices,
        choices.index(value) if value in choices else 0,
        format_func=lambda choice: str(texts.get(choice, choice)),
        key=key,
        bind="query-params",
    )


def numbers(options: Options, key: str, texts: dict[str, str]) -> tuple[list, list]:
    """Image and kernel, from the lesson, or as typed or chosen. Raises AnswerError, DataError."""
    if "numbers" not in options.controls or hidden("numbers"):
        return options.image, options.kernel
    with st.expander(texts["numbers"]):
        left, right = st.columns(2)
        with left:
            image = chosen_image(options, key, texts)
        with right:
            typed = st.text_area(texts["kernel"], as_text(options.kernel), key=f"{key}-kernel", height=150)
    return image, from_text(typed, texts)


def chosen_image(options: Options, key: str, texts: dict[str, str]) -> list:
    source = st.selectbox(texts["which"], SOURCES, format_func=lambda name: texts[name], key=f"{key}-source")
    if source == "digit":
        number = st.selectbox(texts["digit"], range(10), 3, key=f"{key}-digit")
        return real_digit(number)
    if source == "own":
        file = st.file_uploader(texts["own"], type=["png", "jpg", "jpeg", "webp"], key=f"{key}-own", max_upload_size=10)
        return options.image if file is None else grey(file.getvalue(), OWN_SIDE).tolist()
    return from_text(st.text_area(texts["image"], as_text(options.image), key=f"{key}-image", height=150), texts)


def real_digit(number: int) -> list:
    """The first embedded digit with this label, 16 × 16, values 0 to 255."""
    digits = catalogue.load("digits-16x16")
    return digits.images[list(digits.labels).index(number), 0].tolist()


def as_text(rows: list[list[float]]) -> str:
    return "\n".join(" ".join(f"{number:g}" for number in row) for row in rows)


def from_text(text: str, texts: dict[str, str]) -> list[list[float]]:
    """Raises AnswerError."""
    rows = [read_numbers(line) for line in text.splitlines() if line.strip()]
    if not rows or len({len(row) for row in rows}) != 1:
        raise AnswerError(texts["rows"])
    if max(len(rows), len(rows[0])) > LARGEST:
        raise AnswerError(texts["large"].format(largest=LARGEST))
    return rows


def drawn(result: Slide, options: Options, chosen: dict, texts: dict[str, str]) -> dict:
    (top, bottom), (left, right) = result.sides
    code = {} if hidden("code") or "code" not in options.controls else cell_in_code()
    return {
        "image": result.bordered.tolist(),
        "kernel": result.kernel.tolist(),
        "map": result.map.tolist(),
        "pads": [top, bottom, left, right],
        "stride": chosen["stride"],
        "dilation": chosen["dilation"],
        "scale": "grey" if result.bordered.max() > GREY else options.scale,
        "start": list(options.cell),
        "arithmetic": arithmetic_in_words(result.arithmetic),
        "words": {**texts, "weights": texts["laid"] if chosen["flip"] else texts["weights"]},
        "code": code,
        "lines": convolution_lines(result.sides, chosen["stride"], chosen["dilation"], chosen["flip"], chosen["border"])
        if code
        else {},
        "most": float(np.abs(result.bordered).max(initial=0)),
    }
