"""Scaling: from grey levels 0..255 to the numbers a network reads. Every kind is (x - shift) / divisor."""

from dataclasses import dataclass
from typing import Annotated, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, DTypeLike
from pydantic import Field, model_validator

from core.arrays import Array
from core.data.dataset import DataError
from core.spec import Spec


class Raw(Spec):
    """The unchanged grey levels."""

    kind: Literal["raw"] = "raw"


class Unit(Spec):
    """x / 255: from 0 to 1."""

    kind: Literal["unit"] = "unit"


class Signed(Spec):
    """(x - 127.5) / 127.5: from -1 to 1."""

    kind: Literal["signed"] = "signed"


class PerPixel(Spec):
    """(x - mean) / max(std + epsilon, floor), mean and std of each pixel over the training images."""

    kind: Literal["per_pixel"] = "per_pixel"
    floor: float = Field(default=8.0, ge=0)
    """In grey levels. A border pixel that almost never has ink has a std near 0; dividing by it gives huge numbers."""
    epsilon: float = Field(default=0.0, ge=0)
    """In grey levels, added to every std; with floor 0, the formula of most textbooks, which gives huge numbers."""

    @model_validator(mode="after")
    def _check_divisor(self) -> Self:
        if self.floor + self.epsilon == 0:
            raise ValueError(
                "floor and epsilon are both 0, so a pixel that never changes would be divided by 0; make one of them "
                "larger"
            )
        return self


class Global(Spec):
    """(x - mean) / max(std, floor), one mean and std over all pixels of the training images."""

    kind: Literal["global"] = "global"
    floor: float = Field(default=1.0, gt=0)


class PerChannel(Spec):
    """(x - mean) / max(std, floor), mean and std of each channel over the training images."""

    kind: Literal["per_channel"] = "per_channel"
    floor: float = Field(default=1.0, gt=0)


AnyScaling = Raw | Unit | Signed | Global | PerChannel | PerPixel
Scaling = Annotated[AnyScaling, Field(discriminator="kind")]


@dataclass(frozen=True, eq=False)
class FittedScaling:
    """A scaling with its numbers: `shift` and `divisor` are float64, (), (1, 1, 1), (C, 1, 1) or (C, H, W)."""

    scaling: AnyScaling
    shift: Array
    divisor: Array
    fitted_on: int
    """How many training images the numbers come from."""
    constant: int = 0
    """How many pixels are the same in all of them (standard deviation 0); counted only by PerPixel."""

    def apply(self, images: Array, dtype: DTypeLike = np.float32) -> Array:
        """Images (N, C, H, W) of grey levels, uint8 or float -> the same shape in `dtype` (float32 or float64)."""
        scaled: Array = images.astype(dtype)
        scaled -= self.shift.astype(dtype)
        scaled /= self.divisor.astype(dtype)
        return scaled

    def formula(self) -> str:
        """The formula for a pixel x, with the fitted numbers."""
        match self.scaling:
            case Raw():
                return "x"
            case Unit():
                return "x / 255"
            case Signed():
                return "(x - 127.5) / 127.5"
            case Global():
                return f"(x - {self.shift.item():.1f}) / {self.divisor.item():.1f}: {self._fitted()}"
            case PerChannel():
                channels = zip(self.shift.ravel(), self.divisor.ravel(), strict=True)
                each = ", ".join(f"(x - {shift:.1f}) / {divisor:.1f}" for shift, divisor in channels)
                return f"channel by channel {each}: {self._fitted()}"
            case PerPixel(floor=floor, epsilon=epsilon):
                low, high = self.shift.min(), self.shift.max()
                floored = int((self.divisor == floor).sum())
                deviation = f"s + {epsilon:g}" if epsilon else "s"
                below = f"{floored:,} of {self.shift.size:,} pixels have {deviation} at or below {floor:g}"
                divisor = f"max({deviation}, {floor:g})" if floor else f"({deviation})"
                return (
                    f"(x - m) / {divisor}, for each pixel its mean m ({low:.1f} to {high:.1f}) "
                    f"and standard deviation s over {self.fitted_on:,} training images; "
                    + (below if floor else f"{self.constant:,} of {self.shift.size:,} pixels have s = 0")
                )

    def _fitted(self) -> str:
        return f"mean and standard deviation of {self.fitted_on:,} training images"


def fit(scaling: AnyScaling, training_images: Array) -> FittedScaling:
    """Fits a scaling to `training_images` (N, C, H, W) uint8; statistics of test images would leak information.

    Raises DataError if there are no images.
    """
    if not len(training_images):
        raise DataError("The scaling has no training images to fit. Choose at least one.")
    shift, divisor, constant = _numbers(scaling, training_images)
    shift, divisor = np.asarray(shift, float), np.asarray(divisor, float)
    return FittedScaling(scaling, shift, divisor, len(training_images), constant)


def _numbers(scaling: AnyScaling, images: Array) -> tuple[ArrayLike, ArrayLike, int]:
    """Shift, divisor, and how many pixels never change."""
    match scaling:
        case Raw():
            return 0, 1, 0
        case Unit():
            return 0, 255, 0
        case Signed():
            return 127.5, 127.5, 0
        case PerPixel(floor=floor, epsilon=epsilon):
            mean, deviation = pixel_statistics(images)
            return mean, np.maximum(deviation + epsilon, floor), int((deviation == 0).sum())
        case Global(floor=floor):
            mean, deviation = pooled(*pixel_statistics(images), (0, 1, 2))
        case PerChannel(floor=floor):
            mean, deviation = pooled(*pixel_statistics(images), (1, 2))
    return mean, np.maximum(deviation, floor), 0


def pooled(mean: Array, deviation: Array, axes: tuple[int, ...]) -> tuple[Array, Array]:
    """Statistics of each pixel (C, H, W) -> pooled over `axes`: the total variance is the mean of the variances plus
    the variance of the means (law of total variance)."""
    total = (deviation**2).mean(axis=axes, keepdims=True) + mean.var(axis=axes, keepdims=True)
    return mean.mean(axis=axes, keepdims=True), np.sqrt(total)


def pixel_statistics(images: Array) -> tuple[Array, Array]:
    """Mean and (population) standard deviation of each pixel, (C, H, W) float64.

    From exact integer sums, a thousand images at a time: std^2 = (N sum x^2 - (sum x)^2) / N^2.
    """
    count = len(images)
    total = np.zeros(images.shape[1:], dtype=np.int64)
    squares = np.zeros_like(total)
    for start in range(0, count, 1024):
        some = images[start : start + 1024].astype(np.int32)
        total += some.sum(axis=0)
        squares += (some * some).sum(axis=0)
    return total / count, np.sqrt(count * squares - total * total) / count
