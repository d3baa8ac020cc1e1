"""The largest scaled value of every pixel, with mean and standard deviation from real MNIST digits."""

import streamlit as st
from pydantic import Field

from core.demos.images import pixel_statistics
from core.lessons.vocabulary.starting import PIXELS
from core.spec import Spec
from pages.ui.component import component
from pages.ui.hidden_controls import hidden
from pages.ui.inputs import number_of
from pages.ui.translations import words


CONTROLS = ("rule", "number")
STARTS = {"epsilon": 0.0001, "floor": 8.0}


class Options(Spec):
    rule: str = Field(default="unit", pattern=f"^({'|'.join(pixel_statistics.RULES)})$")
    controls: tuple[str, ...] = CONTROLS


def show(options: Options, key: str) -> None:
    texts = words(__file__)
    recording = pixel_statistics.read(PIXELS)
    rule, number = choose(options, key, texts)
    if not isinstance(number, float) or number <= 0:
        st.error(texts["positive"])
        return
    scaled = pixel_statistics.scaled_largest(recording, rule, number)
    component(__file__)(
        key=f"{key}-pixels",
        data={
            "mean": recording.mean,
            "std": recording.std,
            "largest": recording.largest,
            "scaled": scaled.tolist(),
            "most": float(scaled.max()),
            "words": texts,
        },
    )
    numbers = {
        "training": recording.training,
        "others": recording.others,
        "data": recording.data,
        "date": recording.date[:10],
    }
    st.markdown(f":small[{texts['made'].format(**numbers, command=f'`{recording.command}`')}]")


def choose(options: Options, key: str, texts: dict[str, str]):
    rule = options.rule
    if "rule" in options.controls and not hidden("rule"):
        rules = pixel_statistics.RULES
        rule = st.selectbox(
            texts["rule"],
            rules,
            rules.index(rule),
            format_func=lambda name: texts[name],
            key=f"{key}-rule",
            bind="query-params",
        )
    if rule not in STARTS or "number" not in options.controls or hidden("number"):
        return rule, STARTS.get(rule, 1.0)
    text = st.text_input(texts[f"{rule}_number"], f"{STARTS[rule]:g}", key=f"{key}-{rule}-number", width=200)
    return rule, number_of(text)
