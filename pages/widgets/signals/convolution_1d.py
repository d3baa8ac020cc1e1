"""A kernel slides along a signal: bars, the products and their sum at every position."""

from typing import Annotated

import streamlit as st
from pydantic import AfterValidator, Field

from core.demos.signals.convolution_1d import MODES, Line, SignalError, delta, slide_line
from core.lessons.answers import AnswerError, read_numbers
from core.network.errors import NetworkError
from core.spec import Spec
from pages.ui.component import among, component
from pages.ui.formatting import sentence
from pages.ui.hidden_controls import hidden
from pages.ui.translations import words


CONTROLS = ("flip", "mode", "swap", "delta", "numbers")
LONGEST = 24


class Options(Spec):
    """`signal` and `kernel` are lists of numbers; with the control "delta" the kernel is a movable delta,
    at first as long as `kernel`."""

    signal: list[float] = Field(min_length=1, max_length=LONGEST)
    kernel: list[float] = Field(min_length=1, max_length=LONGEST)
    flip: bool = True
    mode: str = Field(default="full", pattern="^(full|same|valid|wrap)$")
    controls: Annotated[tuple[str, ...], AfterValidator(among(CONTROLS))] = ("flip", "mode", "numbers")


def show(options: Options, key: str) -> None:
    """Runs as a fragment: changing the kernel reruns nothing else."""
    st.fragment(_show)(options, key)


def _show(options: Options, key: str) -> None:
    texts = words(__file__)
    chosen = choose(options, key, texts)
    try:
        signal, kernel = numbers(options, key, texts)
        if chosen["delta"] is not None:
            kernel = delta(chosen["delta"]).tolist()
        if chosen["swap"]:
            signal, kernel = kernel, signal
        line = slide_line(signal, kernel, chosen["mode"], chosen["flip"])
    except (AnswerError, NetworkError, SignalError) as error:
        st.error(sentence(str(error)))
        return
    component(__file__)(key=f"{key}-bars", data=drawn(line, len(signal), chosen, texts))


def choose(options: Options, key: str, texts: dict[str, str]) -> dict:
    result = {"flip": options.flip, "mode": options.mode, "swap": False, "delta": None}
    offered = [name for name in options.controls if name in result and not hidden(name)]
    if "delta" in offered:
        result["delta"] = len(options.kernel) - 1
    for name, column in zip(
        offered, st.columns(len(offered), vertical_alignment="bottom") if offered else (), strict=True
    ):
        with column:
            result[name] = control(name, result[name], f"{key}-{name}", texts)
    return result


def control(name: str, value, key: str, texts: dict[str, str]):
    if name == "mode":
        position = MODES.index(value)
        return st.selectbox(
            texts[name], MODES, position, format_func=lambda mode: texts[mode], key=key, bind="query-params"
        )
    if name == "delta":
        return st.selectbox(texts[name], range(5), value, key=key, bind="query-params")
    return st.toggle(texts[name], value, key=key, bind="query-params")


def numbers(options: Options, key: str, texts: dict[str, str]) -> tuple[list[float], list[float]]:
    """Signal and kernel, from the lesson or as typed. Raises AnswerError."""
    if "numbers" not in options.controls or hidden("numbers"):
        return options.signal, options.kernel
    with st.expander(texts["numbers"]):
        left, right = st.columns(2)
        typed = (
            left.text_input(texts["signal"], as_text(options.signal), key=f"{key}-signal"),
            right.text_input(texts["kernel"], as_text(options.kernel), key=f"{key}-kernel"),
        )
    signal, kernel = (read_numbers(text) for text in typed)
    if max(len(signal), len(kernel)) > LONGEST:
        raise AnswerError(texts["long"].format(longest=LONGEST))
    return list(signal), list(kernel)


def as_text(numbers: list[float]) -> str:
    return " ".join(f"{number:g}" for number in numbers)


def drawn(line: Line, length: int, chosen: dict, texts: dict[str, str]) -> dict:
    return {
        "bordered": line.bordered.tolist(),
        "inside": [line.left, line.left + length],
        "kernel": line.kernel.tolist(),
        "result": line.result.tolist(),
        "first": line.first,
        "words": {**texts, "kernel": texts["laid"] if chosen["flip"] else texts["kernel"]},
    }
