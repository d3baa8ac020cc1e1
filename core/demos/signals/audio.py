"""Short sounds computed from formulas (a click, a clap, a melody), and their form for a plot and for a loudspeaker."""

import itertools

import numpy as np
from numpy.typing import ArrayLike

from core.arrays import Array
from core.random import generator


RATE = 8000
"""Samples per second: telephone quality."""
NOTES = (392.0, 440.0, 523.25, 659.25)
"""The notes g', a', c'', e'' in hertz."""


def click(rate: int = RATE) -> Array:
    """A delta: a single sample. A system answers it with its impulse response."""
    samples = np.zeros(rate // 50)
    samples[0] = 1
    return samples


def clap(rate: int = RATE) -> Array:
    """Noise that fades within a tenth of a second."""
    time = np.arange(rate // 5) / rate
    noise = generator(5, "clap").uniform(-1, 1, len(time))
    return noise * np.exp(-time / 0.03)


def melody(rate: int = RATE) -> Array:
    """Four plucked notes of 0.18 s each: a tone and its octave, fading."""
    time = np.arange(round(0.18 * rate)) / rate
    envelope = np.exp(-time / 0.07) * np.minimum(1, time / 0.004)
    notes = [np.sin(2 * np.pi * f * time) + 0.4 * np.sin(4 * np.pi * f * time) for f in NOTES]
    return np.concatenate([0.7 * note * envelope for note in notes])


SOUNDS = {"melody": melody, "clap": clap, "click": click}


def outline(samples: Array, columns: int, length: int) -> Array:
    """(columns, 2): the smallest and largest sample in each of `columns` equal parts of `length` samples.

    Samples beyond the end count as 0.
    """
    padded = np.zeros(length)
    padded[: len(samples)] = samples
    ends = np.linspace(0, length, columns + 1).round().astype(int)
    return np.array([[padded[a:b].min(), padded[a:b].max()] for a, b in itertools.pairwise(ends)])


def sixteen_bit(samples: ArrayLike, loudest: float) -> bytes:
    """The samples as little-endian 16-bit integers; `loudest` becomes the largest integer."""
    return np.round(np.asarray(samples) / loudest * 32767).astype("<i2").tobytes()
