"""One signal and several outputs: which kernel made which? A game with as many rounds as you like."""

from typing import Literal

import streamlit as st
from pydantic import Field

from core.demos.signals.convolution_1d import slide_line
from core.random import generator
from core.spec import Spec
from pages.ui.component import component
from pages.ui.translations import words


LENGTH = 9


class Options(Spec):
    """`kernels` by name; the student chooses among the names."""

    kernels: dict[str, list[float]] = Field(min_length=2, max_length=6)
    mode: Literal["full", "same", "valid", "wrap"] = "full"


def show(options: Options, key: str) -> None:
    """Runs as a fragment: another round reruns nothing else."""
    st.fragment(_show)(options, key)


def _show(options: Options, key: str) -> None:
    texts = words(__file__)
    if st.button(texts["again"], key=f"{key}-again"):
        st.session_state[f"{key}-round"] = st.session_state.get(f"{key}-round", 0) + 1
    component(__file__)(key=f"{key}-game", data=drawn(options, st.session_state.get(f"{key}-round", 0), texts))


def drawn(options: Options, number: int, texts: dict[str, str]) -> dict:
    """`answers[k]` is the kernel of output k."""
    rng = generator(number + 1, "who-made-this")
    signal = rng.integers(0, 7, LENGTH).astype(float)
    names = list(options.kernels)
    order = [int(position) for position in rng.permutation(len(names))]
    outputs = [slide_line(signal, options.kernels[names[position]], options.mode).result.tolist() for position in order]
    return {
        "round": number,
        "signal": signal.tolist(),
        "kernels": [f"{name}: {', '.join(f'{w:.3g}' for w in options.kernels[name])}" for name in names],
        "outputs": outputs,
        "answers": order,
        "words": texts,
    }
