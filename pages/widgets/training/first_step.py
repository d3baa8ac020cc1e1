"""A dense network before its first training step: histograms of every layer's outputs and gradients."""

from functools import lru_cache

import numpy as np
import streamlit as st
from pydantic import Field, TypeAdapter, ValidationError, field_validator

from core.demos.learning import initialization
from core.experiment.messages import explain
from core.network import initializers
from core.spec import Spec
from pages.ui.component import component
from pages.ui.formatting import sentence
from pages.ui.hidden_controls import hidden
from pages.ui.inputs import number_of
from pages.ui.translations import words


CONTROLS = ("start", "function", "depth")
NUMBERS = {"constant": ("value", 0.05), "normal": ("std", 1.0), "uniform": ("limit", 0.5)}
"""Kinds with one number to set: its field and its default."""
KINDS = (
    "zeros", "constant", "normal", "uniform", "glorot_uniform", "glorot_normal", "he_normal", "he_uniform",
    "one_over_in_out", "one_over_out",
)  # fmt: skip
SIZES = {2: (784, 50, 20, 10), 8: (784, *[50] * 8, 10)}
_INITIAL: TypeAdapter = TypeAdapter(initializers.Initial)


class Options(Spec):
    start: str = Field(default="glorot_uniform", pattern=f"^({'|'.join(KINDS)})$")
    number: float | None = None
    """For "constant", "normal" and "uniform"."""
    function: str = Field(default="sigmoid", pattern="^(sigmoid|tanh|relu)$")
    depth: int = 2
    controls: tuple[str, ...] = CONTROLS

    @field_validator("depth")
    @classmethod
    def _known(cls, depth):
        if depth not in SIZES:
            raise ValueError(f"depth must be one of {', '.join(map(str, SIZES))}")
        return depth


def show(options: Options, key: str) -> None:
    texts = words(__file__)
    kind, number, function, depth = choose(options, key, texts)
    try:
        layers = layer_stats(initial(kind, number).model_dump_json(), function, depth)
    except ValidationError as error:
        st.error(sentence(explain(error)))
        return
    data = {"layers": [drawn(one, function, texts) for one in layers], "words": texts}
    component(__file__)(key=f"{key}-look", data=data)


def initial(kind: str, number):
    """Raises ValidationError."""
    field = {NUMBERS[kind][0]: number} if kind in NUMBERS else {}
    return _INITIAL.validate_python({"kind": kind, **field})


@lru_cache(maxsize=64)
def layer_stats(described: str, function: str, depth: int) -> list[initialization.LayerStats]:
    return initialization.look(_INITIAL.validate_json(described), function, SIZES[depth])


def choose(options: Options, key: str, texts: dict[str, str]):
    """Initialiser, its number, activation and depth; each choice is also kept in the page's address."""
    offered = [name for name in options.controls if name in CONTROLS and not hidden(name)]
    result = {"start": options.start, "function": options.function, "depth": options.depth}
    for name, column in zip(offered, st.columns(len(offered)) if offered else (), strict=True):
        with column:
            result[name] = control(name, result[name], f"{key}-{name}", texts)
    kind = result["start"]
    number = number_beside(options, kind, key, texts) if kind in NUMBERS else None
    return kind, number, result["function"], result["depth"]


def number_beside(options: Options, kind: str, key: str, texts: dict[str, str]):
    field, usual = NUMBERS[kind]
    value = options.number if options.number is not None and kind == options.start else usual
    if "start" not in options.controls or hidden("start"):
        return value
    return number_of(st.text_input(texts[field], f"{value:g}", key=f"{key}-{kind}-number", width=200))


def control(name: str, value, key: str, texts: dict[str, str]):
    choices = {"start": KINDS, "function": tuple(initialization.FUNCTIONS), "depth": tuple(SIZES)}[name]
    return st.selectbox(
        texts[name],
        choices,
        choices.index(value),
        format_func=lambda choice: str(texts.get(choice, choice)),
        key=key,
        bind="query-params",
    )


def drawn(one: initialization.LayerStats, function: str, texts: dict[str, str]) -> dict:
    outputs, low, high = initialization.histogram(one.outputs)
    gradients, least, most = initialization.histogram(one.gradients)
    last = one.name == "output"
    return {
        "name": " ".join(texts.get(word, word) for word in one.name.split()),
        "outputs": outputs.tolist(),
        "output_ends": [f"{low:.3g}", f"{high:.3g}"],
        "gradients": gradients.tolist(),
        "gradient_ends": [f"{least:.2g}", f"{most:.2g}"],
        "numbers": {
            "spread": f"{initialization.spread(one.outputs):.3g}",
            "size": f"{initialization.size(one.gradients):.2g}",
            "flat": "–" if last else f"{initialization.flat_share(one, function):.0%}",
            "difference": difference(one.difference, texts),
            "later": difference(one.difference_later, texts),
        },
    }


def difference(value: float, texts: dict[str, str]) -> str:
    if not np.isfinite(value):
        return texts["overflow"]
    return texts["copies"] if value < initialization.ROUNDING else f"{value:.2g}"
