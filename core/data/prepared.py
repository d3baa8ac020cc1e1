"""The arrays an experiment gets: split, with label noise, resampled, expanded, scaled, read-only."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from core.arrays import Array
from core.data.dataset import Dataset, read_only
from core.data.preparation.augmentation import AROUND, drawn, expanded
from core.data.preparation.class_imbalance import kept
from core.data.preparation.class_resampling import balanced, redrawn
from core.data.preparation.label_noise import noisy_labels
from core.data.preparation.scaling import FittedScaling, fit
from core.data.recipe import DataRecipe
from core.data.splits import split


@dataclass(frozen=True, eq=False)
class Part:
    """Scaled images x (N, C, H, W), labels y (N,) int64 (with noise in training), and their rows (N,) int64 in the data
    set; read-only. Only the training part can contain a row twice: as copies."""

    x: Array
    y: Array
    rows: Array

    def __post_init__(self) -> None:
        for name in ("x", "y", "rows"):
            object.__setattr__(self, name, read_only(getattr(self, name)))

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, eq=False)
class Prepared:
    train: Part
    validation: Part
    test: Part
    class_names: tuple[str, ...]
    shape: tuple[int, int, int]
    """(C, H, W) of one image."""
    scaling: FittedScaling
    images: Array
    """Training images (N, C, H, W) uint8 before scaling and augmentation, in the order of `train`."""
    truth: Array
    """(N,) int64: the labels of the training images before noise."""
    recipe: DataRecipe
    seed: int

    @property
    def changes(self) -> bool:
        """Whether the training images change from epoch to epoch."""
        return bool(self.recipe.augmentation)

    def seen(self, epoch: int) -> Array:
        """The scaled training images of epoch number `epoch` (from 1), augmented if the recipe says so."""
        if not self.changes:
            return self.train.x
        return self.scaling.apply(drawn(self.images, self.recipe.augmentation, self.seed, epoch), self.train.x.dtype)


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows of each part, after imbalance and remedy."""

    train: Array
    copies: Array
    """(N,) bool: which of the training rows are copies."""
    validation: Array
    test: Array
    originals: Array
    """The training rows before the remedy, each once."""


def chosen_rows(dataset: Dataset, recipe: DataRecipe, seed: int) -> Rows:
    """Splits the data set; then, only in the training part, makes the imbalance (by true labels) and applies the remedy
    (by noisy labels). Raises DataError."""
    rows = split(dataset, recipe, seed)
    originals = rows["train"]
    originals = originals[kept(recipe.imbalance, dataset.labels[originals], dataset.classes)]
    chosen = balanced(recipe.balance, noisy_labels(dataset, recipe.label_noise, seed)[originals], seed)
    return Rows(originals[chosen.indices], chosen.copies, rows["validation"], rows["test"], originals)


def class_counts(dataset: Dataset, recipe: DataRecipe, seed: int) -> dict[str, Array]:
    """The number of images per class, (K,) each: "there" (training part before the imbalance), "kept" (after it),
    "trained with" (after the remedy), "validation" and "test". Raises DataError."""
    rows = chosen_rows(dataset, recipe, seed)
    stages = {
        "there": split(dataset, recipe, seed)["train"],
        "kept": rows.originals,
        "trained with": rows.train,
        "validation": rows.validation,
        "test": rows.test,
    }
    return {name: np.bincount(dataset.labels[part], minlength=dataset.classes) for name, part in stages.items()}


def prepare(dataset: Dataset, recipe: DataRecipe, seed: int, dtype: DTypeLike = np.float32) -> Prepared:
    """Splits, chooses the training rows, fits the scaling to the original ones (each once and unchanged, so that all
    remedies get the same scaling), copies, expands, and scales every part. Raises DataError."""
    rows = chosen_rows(dataset, recipe, seed)
    labels = noisy_labels(dataset, recipe.label_noise, seed)
    scaling = fit(recipe.scaling, dataset.images[rows.originals])
    images, trained = training_images(dataset, recipe, rows, seed), trained_rows(recipe, rows)

    def part(indices: Array) -> Part:
        return Part(scaling.apply(dataset.images[indices], dtype), dataset.labels[indices], indices)

    return Prepared(
        train=Part(scaling.apply(images, dtype), labels[trained], trained),
        validation=part(rows.validation),
        test=part(rows.test),
        class_names=dataset.class_names,
        shape=dataset.shape,
        scaling=scaling,
        images=read_only(images),
        truth=read_only(dataset.labels[trained]),
        recipe=recipe,
        seed=seed,
    )


def trained_rows(recipe: DataRecipe, rows: Rows) -> Array:
    """(N,) training rows in training order: all of them five times with one-pixel shifts."""
    return np.tile(rows.train, 1 + len(AROUND)) if recipe.expansion == "one_pixel_shifts" else rows.train


def training_images(dataset: Dataset, recipe: DataRecipe, rows: Rows, seed: int, most: int | None = None) -> Array:
    """Images (N, C, H, W) uint8 of `trained_rows`, with the remedy's copies; at most the first `most`."""
    images, copies = dataset.images[rows.train[:most]], rows.copies[:most]
    if copies.any():  # random numbers are drawn for all copies together
        images[copies] = redrawn(recipe.balance, dataset.images[rows.train[rows.copies]], seed)[: copies.sum()]
    if recipe.expansion == "one_pixel_shifts":
        images = expanded(images)
    return images[:most]
