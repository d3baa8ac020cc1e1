"""Builds an echo from delayed, quieter copies; shows its impulse response and plays the sound before and after."""

from base64 import b64encode

import numpy as np
import streamlit as st
from pydantic import Field, model_validator

from core.demos.signals.audio import RATE, SOUNDS, outline, sixteen_bit
from core.demos.signals.convolution_1d import echoed, impulse_response
from core.spec import Spec
from pages.ui.component import component
from pages.ui.hidden_controls import hidden
from pages.ui.translations import words


CONTROLS = ("sound", "echoes", "cut")
DELAYS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.75, 1.0)
WEIGHTS = (0.0, 0.125, 0.25, 0.5, 0.75, 0.9)
COLUMNS = 240


class Options(Spec):
    """Initial `delays` in seconds and `weights` of the echoes."""

    sound: str = Field(default="melody", pattern=f"^({'|'.join(SOUNDS)})$")
    delays: tuple[float, ...] = Field(default=(0.3, 0.6), max_length=3)
    weights: tuple[float, ...] = Field(default=(0.5, 0.25), max_length=3)
    cut: bool = False
    controls: tuple[str, ...] = CONTROLS

    @model_validator(mode="after")
    def _can_be_chosen(self):
        if len(self.delays) != len(self.weights):
            raise ValueError("give each echo a delay and a weight")
        if set(self.delays) - set(DELAYS) or set(self.weights) - set(WEIGHTS):
            raise ValueError(f"delays must be among {DELAYS}, weights among {WEIGHTS}")
        return self


def show(options: Options, key: str) -> None:
    """Runs as a fragment: changing the echo reruns nothing else."""
    st.fragment(_show)(options, key)


def _show(options: Options, key: str) -> None:
    texts = words(__file__)
    sound, cut = options.sound, options.cut
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    if offered(options, "sound"):
        position = list(SOUNDS).index(sound)
        sound = left.selectbox(
            texts["sound"], list(SOUNDS), position, format_func=lambda name: texts[name], key=f"{key}-sound"
        )
    if offered(options, "cut"):
        cut = right.toggle(texts["cut"], cut, key=f"{key}-cut", bind="query-params")
    echoes = chosen_echoes(options, key, texts)
    component(__file__)(key=f"{key}-sounds", data=drawn(sound, echoes, cut, texts))


def offered(options: Options, name: str) -> bool:
    return name in options.controls and not hidden(name)


def chosen_echoes(options: Options, key: str, texts: dict[str, str]) -> list[tuple[float, float]]:
    """(seconds, weight) of each echo."""
    given = list(zip(options.delays, options.weights, strict=True))
    if not offered(options, "echoes"):
        return given
    results = []
    for number, (column, (delay, weight)) in enumerate(zip(st.columns(len(given)), given, strict=True), 1):
        with column:
            label = texts["delay"].format(number=number)
            delay = st.select_slider(label, DELAYS, delay, key=f"{key}-delay-{number}", bind="query-params")
            weight = st.select_slider(
                texts["weight"], WEIGHTS, weight, key=f"{key}-weight-{number}", bind="query-params"
            )
        results.append((delay, weight))
    return results


def drawn(sound: str, echoes: list[tuple[float, float]], cut: bool, texts: dict[str, str]) -> dict:
    before = SOUNDS[sound]()
    late, weights = [round(delay * RATE) for delay, _ in echoes], [weight for _, weight in echoes]
    after = echoed(before, late, weights, cut)
    response = impulse_response(late, weights)
    longest, loudest = len(echoed(before, late, weights)), max(np.abs(before).max(), np.abs(after).max())
    return {
        "rate": RATE,
        "seconds": longest / RATE,
        "before": outline(before, COLUMNS, longest).tolist(),
        "after": outline(after, COLUMNS, longest).tolist(),
        "loudest": float(loudest),
        "kernel": [[int(at) / RATE, float(response[at])] for at in np.flatnonzero(response)],
        "echoes": [[delay, weight] for delay, weight in echoes],
        "sounds": [b64encode(sixteen_bit(samples, loudest)).decode() for samples in (before, after)],
        "lengths": texts["lengths"].format(
            before=f"{len(before):,}",
            before_s=f"{len(before) / RATE:.2f}",
            after=f"{len(after):,}",
            after_s=f"{len(after) / RATE:.2f}",
            rate=f"{RATE:,}",
        ),
        "words": texts,
    }
