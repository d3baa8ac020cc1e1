"""One digit and its copies, as the remedies make them: repeated, with noise, shifted and rotated."""

import numpy as np
import streamlit as st
from pydantic import Field

from core.data import catalogue
from core.data.preparation.class_resampling import NoisyCopies, Oversample, TransformedCopies, redrawn
from core.demos.images.pixel_table import pixel_table
from core.figures.montage import montage
from core.spec import Spec
from pages.ui.number_table import numbers
from pages.ui.translations import words


COPIES = 8
KINDS: dict[str, Oversample | NoisyCopies | TransformedCopies] = {
    "repeat": Oversample(),
    "noise": NoisyCopies(),
    "moved": TransformedCopies(),
}


class Options(Spec):
    """`digit` is the digit shown first."""

    digit: int = Field(default=8, ge=0, le=9)


def show(options: Options, key: str) -> None:
    texts = words(__file__)
    left, right = st.columns([1, 2], vertical_alignment="bottom")
    with left:
        digit = st.selectbox(texts["digit"], range(10), options.digit, key=f"{key}-digit", bind="query-params")
    with right:
        seed = st.session_state.setdefault(f"{key}-seed", 1)
        st.button(texts["again"], key=f"{key}-again", on_click=next_seed, args=(f"{key}-seed",))
    image = first(digit)
    copies_of = {kind: redrawn(balance, np.repeat(image, COPIES, axis=0), seed) for kind, balance in KINDS.items()}
    for kind, copies in copies_of.items():
        st.markdown(f"**{texts[kind]}**")
        alt = texts["alt"].format(digit=digit, copies=COPIES, kind=texts[kind])
        st.image(montage(np.concatenate([image, copies]), COPIES + 1, 3), alt=alt, width="content")
    names = [texts["original"], *(f"{texts[kind]} {n}" for kind in copies_of for n in range(1, COPIES + 1))]
    columns = pixel_table(np.concatenate([image, *copies_of.values()]), names, [texts["row"], texts["column"]])
    numbers(texts["table"], columns, f"{key}-pixels", texts["save"], height=300)


def next_seed(seed: str) -> None:
    st.session_state[seed] += 1


def first(digit: int) -> np.ndarray:
    """(1, 1, 28, 28): the first embedded digit with this label."""
    digits = catalogue.load("digits")
    row = int(np.argmax(digits.labels == digit))
    return digits.images[row : row + 1]
