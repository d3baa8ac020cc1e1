"""The accuracy of a trained network on changed images, for each strength of each change."""

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
from core.recipe.losses import Loss
from core.recipe.training import TrainingRecipe


MOST = 2000
"""The number of test images used, at most."""
BLOCK = 500
LEAST_SIDE = 8
"""In pixels; smaller images are too small to shift or rotate."""
AIMED = Change(
    "gradient_sign",
    "Gradient sign",
    "of the range of grey levels",
    0,
    (0.05, 0.1, 0.2),
    "Every value moves by this much, up or down, whichever makes the loss grow: a change aimed at this very network.",
)
"""x + strength * sign(d loss / d x) (Goodfellow, Shlens and Szegedy 2015, section 4)."""
ALL = (*CHANGES, AIMED)
BY_NAME = {change.name: change for change in ALL}
POINTS = 1 + sum(len(change.strengths) for change in ALL)
"""The number of accuracies measured for one network."""


@dataclass(frozen=True, eq=False)
class Judge:
    """A trained model, and the images (N, C, H, W) uint8 with labels (N,) that it is tested on."""

    model: Model
    scaling: FittedScaling
    precision: str
    loss: Loss
    images: Array
    labels: Array

    def right(self, name: str | None, strength: float) -> int:
        """The number of images classified correctly under a change; `name` None leaves the images unchanged."""
        return sum(self._right(name, strength, block) for block in self._blocks())

    def _right(self, name: str | None, strength: float, block: slice) -> int:
        outputs = losses.of_each_class(self.model.predict(self._scaled(self._changed(name, strength, block))))
        return int(np.sum(np.argmax(outputs, axis=1) == self.labels[block]))

    def _changed(self, name: str | None, strength: float, block: slice) -> Array:
        images = self.images[block]
        if name is None:
            return images
        if name == AIMED.name:
            return pushed(images, self.uphill(block), strength)
        return distorted(images, name, strength, block.start)

    def uphill(self, block: slice) -> Array:
        """(N, C, H, W) of -1, 0 and 1: the direction in which each value increases the loss of its image. Scaling
        divides by positive numbers, so the signs are the same for pixel values and network inputs."""
        return signs(self.model, self._scaled(self.images[block]), self.labels[block], self.loss)

    def _scaled(self, images: Array) -> Array:
        return self.scaling.apply(images, self.precision)

    def _blocks(self) -> list[slice]:
        return [slice(start, start + BLOCK) for start in range(0, len(self.labels), BLOCK)]


def first_test_images(model: Model, data: Prepared, dataset: Dataset, recipe: TrainingRecipe) -> Judge:
    """Test the model on the first MOST images of the test set."""
    rows, labels = data.test.rows[:MOST], data.test.y[:MOST]
    return Judge(model, data.scaling, recipe.precision, recipe.loss, dataset.images[rows], labels)


def signs(model: Model, x: Array, y: Array, loss: Loss) -> Array:
    """The signs of the gradient of each image's loss, in the shape of x. Only signs matter, so the gradient at each
    image's outputs is scaled to a maximum of 1: that of a very confident answer would vanish in float32."""
    gradients = losses.per_sample_loss(loss, model.predict(x).astype(np.float64), y)[1]
    largest = np.abs(gradients).max(axis=1, keepdims=True)
    directions: Array = np.sign(
        model.gradients(x, (gradients / np.where(largest > 0, largest, 1)).astype(x.dtype)).input
    )
    return directions


def measure(judge: Judge) -> Iterator[tuple[str | None, float, int]]:
    """Yields (name of the change, strength, number of images classified correctly), POINTS times; the first is (None,
    0, ...) for the unchanged images."""
    yield None, 0.0, judge.right(None, 0.0)
    for change in ALL:
        for strength in change.strengths:
            yield change.name, float(strength), judge.right(change.name, strength)
