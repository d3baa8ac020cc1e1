"""Signals along one line: a kernel slides over them, delta and step, echoes as sums of late and quiet copies."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.arrays import Array
from core.demos.images.convolution_2d import slide


Mode = Literal["full", "same", "valid", "wrap"]
MODES: tuple[Mode, ...] = ("full", "same", "valid", "wrap")


class SignalError(ValueError):
    """A kernel that does not go with its signal, in one sentence."""


@dataclass(frozen=True)
class Line:
    """signal (N,), bordered (left + N + right,), kernel (M,) as it is laid: backwards where it is flipped; result[k] is the sum
    of products where the kernel begins at bordered[k]. `first` is the index n of result[0]."""

    bordered: Array
    kernel: Array
    result: Array
    left: int
    first: int


def slide_line(signal, kernel, mode: Mode = "full", flip: bool = True) -> Line:
    """Convolution y[n] = sum w[m] x[n-m] (flip), or correlation y[n] = sum w[m] x[n+m]. `mode`: full keeps every overlap,
    same as many as the signal has, valid those without a border, wrap joins the signal's ends. Raises SignalError, or NetworkError where the
    kernel finds no place."""
    x, w = np.asarray(signal, np.float64), np.asarray(kernel, np.float64)
    if mode == "wrap" and len(w) > len(x):
        raise SignalError(f"a kernel of {len(w)} numbers would meet a signal of {len(x)} twice: make it shorter")
    border = len(w) - 1
    left, right = {
        "full": (border, border),
        "same": (border // 2, border - border // 2),
        "valid": (0, 0),
        "wrap": (border, 0) if flip else (0, border),
    }[mode]
    result = slide(x[None], w[None], ((0, 0), (left, right)), flip=flip, border="wrap" if mode == "wrap" else "zero")
    first = (border if flip else 0) - left
    return Line(result.bordered[0], result.kernel[0], result.map[0], left, first)


def delta(index: int = 0, length: int | None = None) -> Array:
    """A single 1 at `place`, zeros elsewhere."""
    made = np.zeros(index + 1 if length is None else length)
    made[index] = 1
    return made


def step(length: int, index: int = 0) -> Array:
    """Zeros, and ones from `place` on."""
    return (np.arange(length) >= index).astype(np.float64)


def impulse_response(delays, weights) -> Array:
    """Of an echo: 1 at 0 and each weight at its delay, in samples."""
    made = np.zeros(max([0, *delays]) + 1)
    made[0] = 1
    np.add.at(made, list(delays), list(weights))
    return made


def echoed(signal, delays, weights, cut: bool = False) -> Array:
    """x(t) + w1 x(t - t1) + w2 x(t - t2) + ...: longer than the signal by the last delay, unless the tail is cut off."""
    x = np.asarray(signal, np.float64)
    made = np.zeros(len(x) + max([0, *delays]))
    made[: len(x)] = x
    for late, weight in zip(delays, weights, strict=True):
        made[late : late + len(x)] += weight * x
    return made[: len(x)] if cut else made
