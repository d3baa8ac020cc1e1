"""A preview of what a network will get: a few images before and after preparation, and the number of all images."""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.data.dataset import PARTS, Dataset
from core.data.preparation.augmentation import BLOCK, drawn
from core.data.preparation.label_noise import noisy_labels
from core.data.preparation.scaling import fit
from core.data.prepared import Rows, chosen_rows, trained_rows, training_images
from core.data.recipe import DataRecipe


BINS = 40


@dataclass(frozen=True, eq=False)
class Shown:
    """The first images of one part."""

    images: Array
    """(K, C, H, W) uint8."""
    read: Array
    """(K, C, H, W) float64: the network's input; training images as in the first epoch."""
    labels: Array
    """(K,) labels, with noise in training."""


@dataclass(frozen=True, eq=False)
class Look:
    parts: dict[str, Shown]
    counts: dict[str, Array]
    """Part -> (classes,) number of images per label, with noise in training."""
    after: dict[int, Array]
    """Epoch -> its augmented training images, before scaling."""
    wrong: Array
    """(M, C, H, W) uint8: the first training images with a wrong label."""
    wrong_labels: Array
    true_labels: Array
    wrong_count: int
    """Wrong labels among all training images, each counted once."""
    distinct: int
    """Training images, each counted once."""
    formula: str
    """The formula of the scaling, with its numbers."""
    edges: Array
    """(BINS + 1,) bin edges of a histogram of the network's input in the first epoch, for up to a thousand images."""
    heights: Array
    """(BINS,) values in each bin."""
    looked_at: int
    """How many images the histogram uses."""

    @property
    def low(self) -> float:
        return float(self.edges[0])

    @property
    def high(self) -> float:
        return float(self.edges[-1])


@dataclass(frozen=True, eq=False)
class Beginning:
    """The first training images of `prepare`, before augmentation and scaling."""

    images: Array
    """(K, C, H, W) uint8."""
    labels: Array
    """(K,) labels with noise."""
    counts: dict[str, int]
    """The number of images in each part."""


def beginning(dataset: Dataset, recipe: DataRecipe, seed: int, most: int) -> Beginning:
    """At most the first `most` of them. Raises DataError as `prepare` does."""
    rows = chosen_rows(dataset, recipe, seed)
    trained, labels = trained_rows(recipe, rows), noisy_labels(dataset, recipe.label_noise, seed)
    return Beginning(
        training_images(dataset, recipe, rows, seed, most),
        labels[trained[:most]],
        {"train": len(trained), "validation": len(rows.validation), "test": len(rows.test)},
    )


def look(dataset: Dataset, recipe: DataRecipe, seed: int, some: int = 12, epochs: tuple[int, ...] = (1, 2, 3)) -> Look:
    """A preview of the result of `prepare`, without preparing all images. Raises DataError as `prepare` does."""
    first = beginning(dataset, recipe, seed, BLOCK)
    rows, labels = chosen_rows(dataset, recipe, seed), noisy_labels(dataset, recipe.label_noise, seed)
    scaling = fit(recipe.scaling, dataset.images[rows.originals])
    seen = {epoch: drawn(first.images, recipe.augmentation, seed, epoch) for epoch in epochs}
    heights, edges = np.histogram(scaling.apply(seen[epochs[0]], np.float64), BINS)
    once = rows.train[~rows.copies]
    wrong = once[labels[once] != dataset.labels[once]]
    shown = {
        "train": Shown(first.images[:some], scaling.apply(seen[epochs[0]][:some], np.float64), first.labels[:some])
    }
    for part, of in (("validation", rows.validation), ("test", rows.test)):
        images = dataset.images[of[:some]]
        shown[part] = Shown(images, scaling.apply(images, np.float64), dataset.labels[of[:some]])
    return Look(
        parts=shown,
        counts=_counts(dataset, recipe, rows, labels),
        after={epoch: images[:some] for epoch, images in seen.items()},
        wrong=dataset.images[wrong[:some]],
        wrong_labels=labels[wrong[:some]],
        true_labels=dataset.labels[wrong[:some]],
        wrong_count=len(wrong),
        distinct=len(once),
        formula=scaling.formula(),
        edges=edges,
        heights=heights,
        looked_at=len(first.images),
    )


def _counts(dataset: Dataset, recipe: DataRecipe, rows: Rows, labels: Array) -> dict[str, Array]:
    of = {
        "train": labels[trained_rows(recipe, rows)],
        "validation": dataset.labels[rows.validation],
        "test": dataset.labels[rows.test],
    }
    return {part: np.bincount(of[part], minlength=dataset.classes) for part in PARTS}
