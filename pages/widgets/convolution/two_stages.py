"""City or landscape: edges first, then long vertical lines, and one number that may separate the two."""

import numpy as np
import streamlit as st
from pydantic import Field

from core.demos.images.filter_cascade import STAGES, strength, through
from core.demos.images.sample_images import city, landscape
from core.demos.images.template_matching import peaks
from core.spec import Spec
from pages.ui.component import component
from pages.ui.hidden_controls import hidden
from pages.ui.translations import words
from pages.widgets.convolution.template_search import png, significant


CONTROLS = ("stage",)


class Options(Spec):
    """`stage` is "edges" or "lines"."""

    stage: str = Field(default="edges", pattern="^(edges|lines)$")
    controls: tuple[str, ...] = CONTROLS


def show(options: Options, key: str) -> None:
    texts, stage = words(__file__), options.stage
    if "stage" in options.controls and not hidden("stage"):
        stage = st.selectbox(
            texts["stage"],
            tuple(STAGES),
            tuple(STAGES).index(stage),
            format_func=lambda one: texts[one],
            key=f"{key}-stage",
            bind="query-params",
        )
    images = {"city": city(), "landscape": landscape()}
    for name, image in images.items():
        st.markdown(f"**{texts[name]}**")
        component("response_map")(key=f"{key}-{name}", data=drawn(image, stage, texts))
    numbers = {name: strength(image) for name, image in images.items()}
    st.table(
        {
            texts["statistic"]: [texts[one] for one in numbers["city"]],
            **{texts[name]: [f"{value:.4f}" for value in item.values()] for name, item in numbers.items()},
        }
    )


def drawn(image: np.ndarray, stage: str, texts: dict[str, str]) -> dict:
    result, seen = through(image, stage)
    return {
        "image": png(image[None] * 255),
        "size": list(image.shape),
        "weights": significant(STAGES[stage]),
        "patch": list(seen),
        "pads": [0, 0],
        "map": significant(result),
        "peaks": peaks(np.abs(result), 12, 2),
        "words": texts,
    }
