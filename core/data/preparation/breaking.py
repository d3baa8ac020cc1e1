"""Change one image in many ways at the same time, to find out where a network fails. pages/ui/browser/image_changes.js
computes the same in the browser."""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.data.preparation.affine import about_the_middle, moved, warp
from core.data.preparation.corruptions import inverted, pushed
from core.random import generator
from core.spec import Spec


class Breakage(Spec):
    """What is done to an image, in this order. The defaults change nothing."""

    attack: float = 0.0
    """Every value moves by this share of the range from black to white, in the direction that makes the loss grow
    (Goodfellow, Shlens and Szegedy 2015)."""
    size: float = 1.0
    """The image becomes this many times as large, about its centre."""
    rotate: float = 0.0
    """Degrees counterclockwise, about the centre."""
    right: float = 0.0
    """Pixels."""
    down: float = 0.0
    """Pixels."""
    contrast: float = 1.0
    """The factor of the differences from the image's mean."""
    negative: float = 0.0
    """From the image (0) through grey (0.5) to its negative (1)."""
    noise: float = 0.0
    """Standard deviation, as a share of the range from black to white; always the same random numbers, scaled."""
    hidden: float = 0.0
    """The side in pixels of a grey square that covers a part of the image."""
    hidden_row: float = 0.0
    hidden_column: float = 0.0
    """Where the middle of the square is."""


GREY = 127
"""The square's colour, which is neither that of ink nor that of paper."""


@dataclass(frozen=True)
class Slider:
    name: str
    """A field of Breakage."""
    label: str
    unit: str
    least: float
    most: float
    step: float
    clean: float
    """The value that changes nothing."""

    def values(self, count: int = 25) -> Array:
        """About `count` values from end to end, all on the slider's steps, and the one that changes nothing."""
        every = np.round((self.most - self.least) / self.step).astype(int)
        stride = max(1, round(every / (count - 1)))
        steps = np.arange(0, every + 1, stride) * self.step + self.least
        return np.unique(np.round([*steps, self.most, self.clean], 6))


def sliders(height: int, width: int) -> tuple[Slider, ...]:
    """For images of this size."""
    half_height, half_width = height // 2, width // 2
    return (
        Slider("right", "Shift right", "px", -half_width, half_width, 1, 0),
        Slider("down", "Shift down", "px", -half_height, half_height, 1, 0),
        Slider("rotate", "Rotate", "°", -180, 180, 5, 0),
        Slider("size", "Zoom", "×", 0.3, 2, 0.05, 1),
        Slider("noise", "Noise", "", 0, 1, 0.02, 0),
        Slider("contrast", "Contrast", "×", 0, 3, 0.1, 1),
        Slider("negative", "Negative", "", 0, 1, 0.05, 0),
        Slider("attack", "Gradient sign", "", 0, 0.5, 0.01, 0),
        Slider("hidden", "Square: side", "px", 0, min(height, width), 1, 0),
        Slider("hidden_row", "Square: row", "", 0, height, 1, half_height),
        Slider("hidden_column", "Square: column", "", 0, width, 1, half_width),
    )


def broken(image: Array, breakage: Breakage, signs: Array) -> Array:
    """(C, H, W) uint8 -> (C, H, W) uint8; `signs` (C, H, W) of -1, 0 and 1 is the direction of the attack."""
    _, height, width = image.shape
    it = breakage
    changed = np.floor(pushed(image, signs, it.attack) + 0.5).astype(np.uint8)
    changed = warp(changed[None], _matrix(it, height, width)[None, :2], 0)[0]
    grey = changed.astype(np.float64)
    grey = np.clip(grey.mean() + it.contrast * (grey - grey.mean()), 0, 255)
    grey = inverted(grey, it.negative)
    grey = np.clip(grey + 255 * it.noise * noise(image.shape), 0, 255)
    grey[:, _covered(it, height, width)] = GREY
    result: Array = np.floor(grey + 0.5).astype(np.uint8)
    return result


def noise(shape: tuple[int, ...]) -> Array:
    """(C, H, W) standard normal numbers, those of core.data.preparation.corruptions for the first image."""
    draws: Array = generator(1, "robustness").standard_normal((1, *shape)).reshape(shape)
    return draws


def _matrix(it: Breakage, height: int, width: int) -> Array:
    """(3, 3): where in the old image each pixel (row, column, 1) of the new one is from."""
    angle = np.deg2rad(it.rotate)
    linear = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]) / it.size
    matrix: Array = about_the_middle(linear[None], height, width)[0] @ moved(np.array([[-it.down, -it.right]]))[0]
    return matrix


def _covered(it: Breakage, height: int, width: int) -> Array:
    """(H, W) bool."""
    rows, columns = np.arange(height) + 0.5, np.arange(width) + 0.5
    in_rows = np.abs(rows - it.hidden_row) < it.hidden / 2
    in_columns = np.abs(columns - it.hidden_column) < it.hidden / 2
    covered: Array = in_rows[:, None] & in_columns
    return covered
