"""How a trained network does on changed images: the accuracy at each strength of each change."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.backend import Model
from core.data.dataset import Dataset
from core.data.preparation.corruption_levels import CHANGES, Change
from core.data.preparation.corruptions import distorted, pushed
from core.data.preparation.scaling import FittedScaling
from core.data.prepared import Prepared
from core.numerics import losses
from core.recipe.training import TrainingRecipe


MOST = 2000
"""Images are judged."""
AT_ONCE = 500
LEAST_SIDE = 8
"""Pixels: smaller images hold nothing that could be shifted or turned."""
AIMED = Change(
    "gradient_sign",
    "Gradient sign",
    "of black to white",
    0,
    (0.05, 0.1, 0.2),
    "Every value moves by this much, up or down, whichever makes the loss grow: a change aimed at this very network.",
)
"""x + strength * sign(d loss / d x) (Goodfellow, Shlens and Szegedy 2015, section 4)."""
ALL = (*CHANGES, AIMED)
BY_NAME = {change.name: change for change in ALL}
POINTS = 1 + sum(len(change.strengths) for change in ALL)
"""Accuracies that one network gets."""


@dataclass(frozen=True, eq=False)
class Judge:
    """A trained model, and the images (N, C, H, W) uint8 with their labels (N,) it is asked about."""

    model: Model
    scaling: FittedScaling
    precision: str
    loss: object
    images: Array
    labels: Array

    def right(self, name: str | None, strength: float) -> int:
        """How many are told rightly; None: as they are."""
        return sum(self._right(name, strength, some) for some in self._blocks())

    def _right(self, name: str | None, strength: float, some: slice) -> int:
        reported = losses.of_each_class(self.model.predict(self._scaled(self._changed(name, strength, some))))
        return int(np.sum(np.argmax(reported, axis=1) == self.labels[some]))

    def _changed(self, name: str | None, strength: float, some: slice) -> Array:
        images = self.images[some]
        if name is None:
            return images
        if name == AIMED.name:
            return pushed(images, self.uphill(some), strength)
        return distorted(images, name, strength, some.start)

    def uphill(self, some: slice) -> Array:
        """(N, C, H, W) of -1, 0 and 1: where each value must go for the image's loss to grow. Scaling divides by positive
        numbers: signs of grey levels are those of the network's input."""
        return signs(self.model, self._scaled(self.images[some]), self.labels[some], self.loss)

    def _scaled(self, images: Array) -> Array:
        return self.scaling.apply(images, self.precision)

    def _blocks(self) -> list[slice]:
        return [slice(start, start + AT_ONCE) for start in range(0, len(self.labels), AT_ONCE)]


def first_test_images(model: Model, data: Prepared, dataset: Dataset, recipe: TrainingRecipe) -> Judge:
    """The model is asked about the first MOST images of the test part."""
    rows, labels = data.test.rows[:MOST], data.test.y[:MOST]
    return Judge(model, data.scaling, recipe.precision, recipe.loss, dataset.images[rows], labels)


def signs(model: Model, x: Array, y: Array, loss) -> Array:
    """Of the gradient of each image's loss, like x. Only signs count, so each image's slope is made as large as 1:
    that of a very sure answer would be lost in float32."""
    slopes = losses.per_sample_loss(loss, model.predict(x).astype(np.float64), y)[1]
    largest = np.abs(slopes).max(axis=1, keepdims=True)
    return np.sign(model.gradients(x, (slopes / np.where(largest > 0, largest, 1)).astype(x.dtype)).input)


def measure(judge: Judge) -> Iterator[tuple[str | None, float, int]]:
    """(name of the change, strength, images told rightly), POINTS of them; the first is (None, 0, ...): no change."""
    yield None, 0.0, judge.right(None, 0.0)
    for change in ALL:
        for strength in change.strengths:
            yield change.name, float(strength), judge.right(change.name, strength)
