"""A pure tone slides along a signal: where does the signal contain it?"""

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
"""Samples per second of the sound, and windows of the drawing per second of sound."""


class Options(Spec):
    """Two tones, in waves per window of 32 samples; `signal` is "chord" (both together) or "melody" (in turn)."""

    low: float = Field(default=3, ge=1, le=11)
    high: float = Field(default=7, ge=1, le=11)
    signal: str = Field(default="chord", pattern="^(chord|melody)$")
    probe: float = 5
    controls: tuple[str, ...] = CONTROLS

    @model_validator(mode="after")
    def _known(self):
        if self.probe not in PROBES:
            raise ValueError(f"probe must be one of {', '.join(f'{one:g}' for one in PROBES)}")
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
        st.audio(sound(options), sample_rate=RATE)


def sound(options: Options) -> np.ndarray:
    """The same tones as sound: a second and a half, at 110 windows per second."""
    low, high = (tone_correlation.tone(pitch * CYCLE, RATE, RATE * 3 // 2) for pitch in (options.low, options.high))
    if options.signal == "chord":
        return 0.25 * (low + high)
    half = len(low) // 2
    return 0.4 * np.concatenate([low[:half], high[:half]])


def rounded(numbers) -> list[float]:
    """Rounded to four decimals, without negative zeros."""
    return [round(float(number), 4) + 0.0 for number in numbers]
