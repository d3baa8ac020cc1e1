"""Dropout on the values of one digit, step by step, with the masks that training draws."""

import streamlit as st
from pydantic import Field

from core.demos.learning import dropout_masks
from core.spec import Spec
from pages.ui.component import component
from pages.ui.hidden_controls import hidden
from pages.ui.translations import words


CONTROLS = ("what", "rate")
RATES = (0.0, 0.2, 0.3, 0.5, 0.8)


class Options(Spec):
    what: str = Field(default="hidden", pattern="^(hidden|visible)$")
    rate: float = Field(default=0.5, ge=0, lt=1)
    controls: tuple[str, ...] = CONTROLS


def show(options: Options, key: str) -> None:
    texts = words(__file__)
    what, rate = options.what, options.rate
    left, right = st.columns(2)
    if "what" in options.controls and not hidden("what"):
        kinds = ("hidden", "visible")
        with left:
            what = st.selectbox(
                texts["what"],
                kinds,
                kinds.index(what),
                format_func=lambda name: texts[name],
                key=f"{key}-what",
                bind="query-params",
            )
    if "rate" in options.controls and not hidden("rate"):
        rates = tuple(sorted({*RATES, rate}))
        with right:
            rate = st.selectbox(texts["rate"], rates, rates.index(rate), key=f"{key}-rate", bind="query-params")
    result = dropout_masks.hidden(rate) if what == "hidden" else dropout_masks.visible(rate)
    component(__file__)(
        key=f"{key}-mask",
        data={
            "whole": result.whole.round(6).tolist(),
            "left": result.left.round(6).tolist(),
            "kept": result.kept.tolist(),
            "sums": result.sums.tolist(),
            "sum": result.sum,
            "mean": result.mean,
            "share": result.share,
            "words": texts,
        },
    )
