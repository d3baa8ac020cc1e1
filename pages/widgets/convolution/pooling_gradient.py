"""The backward pass of pooling: which cells of each window receive how much of the upstream gradient."""

from typing import Annotated, Any

import streamlit as st
from pydantic import AfterValidator, Field

from core.demos.images.input_gradients import SizeError, through_pooling
from core.spec import Spec
from pages.ui.component import among, component
from pages.ui.formatting import sentence
from pages.ui.hidden_controls import hidden
from pages.ui.translations import words


CONTROLS = ("mode", "ties", "stride", "edit")
LARGEST = 12
MOST = 1000


class Options(Spec):
    """`table` and `upstream` are rows of numbers; without `upstream` it is all ones."""

    table: list[list[float]] = Field(min_length=2, max_length=LARGEST)
    upstream: list[list[float]] | None = None
    mode: str = Field(default="max", pattern="^(max|average|sum)$")
    window: int = Field(default=2, ge=1, le=4)
    stride: int = Field(default=2, ge=1, le=4)
    ties: str = Field(default="first", pattern="^(first|last|shared)$")
    controls: Annotated[tuple[str, ...], AfterValidator(among(CONTROLS))] = CONTROLS


def show(options: Options, key: str) -> None:
    """Runs as a fragment: editing the upstream gradient reruns nothing else."""
    st.fragment(_show)(options, key)


def _show(options: Options, key: str) -> None:
    texts = words(__file__)
    chosen = choose(options, key, texts)
    default = options.upstream if chosen["stride"] == options.stride else None
    upstream = st.session_state.get(f"{key}-upstream-{chosen['stride']}", default)
    try:
        gradients = through_pooling(options.table, upstream, window=options.window, **chosen)
    except SizeError as error:
        st.error(sentence(str(error)))
        return
    data = {
        "table": options.table,
        "map": gradients.map.tolist(),
        "upstream": gradients.upstream.tolist(),
        "gradient": gradients.gradient.tolist(),
        "shares": gradients.shares,
        "window": options.window,
        "stride": chosen["stride"],
        "edit": "edit" in options.controls and not hidden("edit"),
        "words": texts,
    }
    component(__file__)(
        key=f"{key}-map", data=data, default={"upstream": None}, on_upstream_change=lambda: keep(key, chosen["stride"])
    )


def choose(options: Options, key: str, texts: dict[str, str]) -> dict:
    choices: dict[str, Any] = {"mode": ["max", "average", "sum"], "ties": ["first", "last", "shared"], "stride": [1, 2]}
    offered = [name for name in options.controls if name in choices and not hidden(name)]
    result = {name: getattr(options, name) for name in choices}
    for name, column in zip(offered, st.columns(len(offered)) if offered else (), strict=True):
        result[name] = column.selectbox(
            texts[name],
            choices[name],
            choices[name].index(result[name]) if result[name] in choices[name] else 0,
            format_func=lambda choice: str(texts.get(choice, choice)),
            key=f"{key}-{name}",
            bind="query-params",
        )
    return result


def keep(key: str, stride: int) -> None:
    """Stores what the browser sent: rows of numbers."""
    reported = st.session_state[f"{key}-map"].upstream
    if reported:
        st.session_state[f"{key}-upstream-{stride}"] = [
            [max(-MOST, min(MOST, float(number))) for number in row] for row in reported
        ]
