"""Short sounds, made from formulas: a click, a clap, a melody; and what an image and a loudspeaker need of them."""

import itertools

import numpy as np

from core.arrays import Array
from core.random import generator


RATE = 8000
"""Samples a second: telephone quality."""
NOTES = (392.0, 440.0, 523.25, 659.25)
"""Hertz: g', a', c'', e''."""


def click(rate: int = RATE) -> Array:
    """A delta: one sample. What comes back from a system is its impulse response."""
    made = np.zeros(rate // 50)
    made[0] = 1
    return made


def clap(rate: int = RATE) -> Array:
    """Noise that dies away within a tenth of a second."""
    time = np.arange(rate // 5) / rate
    noise = generator(5, "clap").uniform(-1, 1, len(time))
    return noise * np.exp(-time / 0.03)


def melody(rate: int = RATE) -> Array:
    """Four plucked notes, 0.18 s each: a tone and its octave, dying away."""
    time = np.arange(round(0.18 * rate)) / rate
    envelope = np.exp(-time / 0.07) * np.minimum(1, time / 0.004)
    notes = [np.sin(2 * np.pi * f * time) + 0.4 * np.sin(4 * np.pi * f * time) for f in NOTES]
    return np.concatenate([0.7 * note * envelope for note in notes])


SOUNDS = {"melody": melody, "clap": clap, "click": click}


def outline(samples, columns: int, length: int) -> Array:
    """(columns, 2): least and largest sample in each of so many equal parts of `length` samples; 0 beyond the end."""
    padded = np.zeros(length)
    padded[: len(samples)] = samples
    ends = np.linspace(0, length, columns + 1).round().astype(int)
    return np.array([[padded[a:b].min(), padded[a:b].max()] for a, b in itertools.pairwise(ends)])


def sixteen_bit(samples, loudest: float) -> bytes:
    """Little-endian 16-bit numbers; `loudest` becomes the largest of them."""
    return np.round(np.asarray(samples) / loudest * 32767).astype("<i2").tobytes()
