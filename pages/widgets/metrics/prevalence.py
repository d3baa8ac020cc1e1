"""The same test for rarer and rarer diseases: sensitivity and specificity stay, precision falls."""

import streamlit as st
from pydantic import Field

from core.metrics.prevalence import screened
from core.spec import Spec
from pages.ui.dial import count, curve, dial, frame, number, outcome_bars, outcome_lines
from pages.ui.hidden_controls import hidden
from pages.ui.translations import words


CONTROLS = ("sensitivity", "specificity")
SHARES = (
    *(0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9),
)
CHOICES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999, 1.0)


class Options(Spec):
    """A test of `people` persons; `prevalence` is where the slider starts."""

    people: int = Field(default=10_000, ge=100, le=10_000_000)
    prevalence: float = Field(default=0.01, ge=0, le=1)
    sensitivity: float = Field(default=0.9, ge=0, le=1)
    specificity: float = Field(default=0.95, ge=0, le=1)
    controls: tuple[str, ...] = CONTROLS


def show(options: Options, key: str) -> None:
    texts = words(__file__)
    offered = [name for name in CONTROLS if name in options.controls and not hidden(name)]
    quality = {name: getattr(options, name) for name in CONTROLS}
    for name, column in zip(offered, st.columns(max(2, len(offered))), strict=False):
        quality[name] = column.selectbox(
            texts[name],
            sorted({*CHOICES, quality[name]}),
            sorted({*CHOICES, quality[name]}).index(quality[name]),
            format_func=lambda share: f"{100 * share:g} %",
            key=f"{key}-{name}",
            bind="query-params",
        )
    shares = sorted({*SHARES, options.prevalence})
    results = [screened(options.people, share, **quality) for share in shares]
    points = [
        (share, one.precision)
        for share, one in zip(shares, results, strict=True)
        if one.precision == one.precision  # not NaN
    ]
    dial(
        f"{key}-dial",
        texts["prevalence"],
        [position(one, share, texts) for one, share in zip(results, shares, strict=True)],
        shares.index(options.prevalence),
        {name: texts[name] for name in ("heads", "rows")},
        charts=[curve(texts["title"], texts["share"], texts["precision"], points, percent=True)],
        columns=[texts["share"], "TP", "FN", "FP", "TN", texts["accuracy"], texts["precision"], "F1"],
    )


def position(result, share: float, texts: dict[str, str]) -> dict:
    counts = [count(value) for value in (result.tp, result.fn, result.fp, result.tn)]
    return frame(
        f"{100 * share:g} %",
        outcome_lines(result),
        counts=counts,
        bars=outcome_bars(result, texts["ill"], texts["healthy"], texts["called_ill"]),
        marks=[None if result.precision != result.precision else [share, result.precision]],
        row=[f"{100 * share:g} %", *counts, number(result.accuracy), number(result.precision), number(result.f1)],
    )
