"""One-dimensional signals: a kernel slides over them, delta and step, echoes as sums of late and quiet copies."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from core.arrays import Array
from core.demos.images.convolution_2d import slide


Mode = Literal["full", "same", "valid", "wrap"]
MODES: tuple[Mode, ...] = ("full", "same", "valid", "wrap")


class SignalError(ValueError):
    """A kernel that does not fit its signal; the message is one sentence."""


@dataclass(frozen=True)
class Line:
    """The result of sliding a kernel along a signal (N,)."""

    bordered: Array
    """(left + N + right,): the padded signal."""
    kernel: Array
    """(M,), as it is laid over the signal: reversed if flipped."""
    result: Array
    """result[k] is the sum of products with the kernel starting at bordered[k]."""
    left: int
    """How many numbers are padded on the left."""
    first: int
    """The index n of result[0]."""


def slide_line(signal: ArrayLike, kernel: ArrayLike, mode: Mode = "full", flip: bool = True) -> Line:
    """Convolution y[n] = sum w[m] x[n-m] (flip), or correlation y[n] = sum w[m] x[n+m].

    `mode`: "full" keeps every overlap, "same" as many as the signal has numbers, "valid" only those without padding,
    "wrap" joins the ends of the signal. Raises SignalError, or NetworkError if the kernel does not fit.
    """
    x, w = np.asarray(signal, np.float64), np.asarray(kernel, np.float64)
    if mode == "wrap" and len(w) > len(x):
        raise SignalError(
            f"a kernel of {len(w)} numbers would wrap around a signal of {len(x)} more than once: make it shorter"
        )
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
    """A single 1 at `index`, zeros elsewhere."""
    signal = np.zeros(index + 1 if length is None else length)
    signal[index] = 1
    return signal


def step(length: int, index: int = 0) -> Array:
    """Zeros before `index`, ones from there on."""
    return (np.arange(length) >= index).astype(np.float64)


def impulse_response(delays: Sequence[int], weights: Sequence[float]) -> Array:
    """The impulse response of an echo: 1 at 0, and each weight at its delay in samples."""
    response = np.zeros(max([0, *delays]) + 1)
    response[0] = 1
    np.add.at(response, list(delays), list(weights))
    return response


def echoed(signal: ArrayLike, delays: Sequence[int], weights: Sequence[float], cut: bool = False) -> Array:
    """x(t) + w1 x(t - t1) + w2 x(t - t2) + ...: longer than the signal by the longest delay, unless the tail is cut."""
    x = np.asarray(signal, np.float64)
    result = np.zeros(len(x) + max([0, *delays]))
    result[: len(x)] = x
    for delay, weight in zip(delays, weights, strict=True):
        result[delay : delay + len(x)] += weight * x
    return result[: len(x)] if cut else result
