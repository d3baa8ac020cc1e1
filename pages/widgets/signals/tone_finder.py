"""A pure tone is laid on a signal: where is that tone in it?"""

import numpy as np
import streamlit as st
from pydantic import Field, model_validator

from core.demos.signals import tone_correlation
from core.spec import Spec
from pages.ui.component import component
from pages.ui.hidden_controls import hidden
from pages.ui.translations import words


CONTROLS = ("sound",)
WINDOW = 32
PROBES = tuple(half / 2 for half in range(2, 23))
RATE, CYCLE = 8000, 110
"""Samples a second of the sound, and how many windows of the drawing a second of it holds."""


class Options(Spec):
    """Two tones, in waves a window of 32 samples; `signal` is "chord" (both at once) or "melody" (one after the other)."""

    low: float = Field(default=3, ge=1, le=11)
    high: float = Field(default=7, ge=1, le=11)
    signal: str = Field(default="chord", pattern="^(chord|melody)$")
    probe: float = 5
    controls: tuple[str, ...] = CONTROLS

    @model_validator(mode="after")
    def _is_offered(self):
        if self.probe not in PROBES:
            raise ValueError(f"probe is one of {', '.join(f'{one:g}' for one in PROBES)}")
        return self


def show(options: Options, key: str) -> None:
    texts = words(__file__)
    chosen = tone_correlation.chord if options.signal == "chord" else tone_correlation.melody
    signal = chosen(options.low, options.high, WINDOW)
    results = [tone_correlation.responses(signal, probe, WINDOW) for probe in PROBES]
    component(__file__)(
        key=f"{key}-tones",
        data={
            "signal": rounded(signal),
            "probes": list(PROBES),
            "tones": [rounded(tone_correlation.tone(probe, WINDOW)) for probe in PROBES],
            "responses": [rounded(one) for one in results],
            "most": float(max(np.abs(one).max() for one in results)),
            "strongest": rounded([np.abs(one).max() for one in results]),
            "start": PROBES.index(options.probe),
            "words": texts,
        },
    )
    if "sound" in options.controls and not hidden("sound"):
        st.markdown(f":small[{texts['sound']}]")
        st.audio(heard(options), sample_rate=RATE)


def heard(options: Options) -> np.ndarray:
    """The same tones, audible: a second and a half, at 110 windows a second."""
    window = RATE / CYCLE
    low, high = (tone_correlation.tone(pitch, window, RATE * 3 // 2) for pitch in (options.low, options.high))
    if options.signal == "chord":
        return 0.25 * (low + high)
    half = len(low) // 2
    return 0.4 * np.concatenate([low[:half], high[:half]])


def rounded(numbers) -> list[float]:
    """Four decimals; no minus before a zero."""
    return [round(float(number), 4) + 0.0 for number in numbers]
