"""The arrays an experiment gets: split, labels made noisy, expanded, scaled, read-only."""

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
    """Scaled images x (N, C, H, W), labels y (N,) int64 as they are learnt from, and their rows (N,) int64 in the data
    set; read-only. Only in training can a row stand twice: then the images there are copies of it."""

    x: Array
    y: Array
    rows: Array

    def __post_init__(self):
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
    """Training images (N, C, H, W) uint8 before scaling and augmentation, row by row those of `train`."""
    truth: Array
    """(N,) int64: the labels of the training images before noise."""
    recipe: DataRecipe
    seed: int

    @property
    def changes(self) -> bool:
        """Whether each epoch sees other training images."""
        return bool(self.recipe.augmentation)

    def seen(self, epoch: int) -> Array:
        """What epoch number `epoch` (from 1) trains with: as `train.x`, but drawn for this epoch."""
        if not self.changes:
            return self.train.x
        return self.scaling.apply(drawn(self.images, self.recipe.augmentation, self.seed, epoch), self.train.x.dtype)


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows of the data set, by part, after imbalance and remedy."""

    train: Array
    copies: Array
    """(N,) bool: which of the training rows have been there before."""
    validation: Array
    test: Array
    originals: Array
    """The training rows before any remedy, each once."""


def chosen_rows(dataset: Dataset, recipe: DataRecipe, seed: int) -> Rows:
    """Split first; then, in training alone, the imbalance is made (of the true classes) and remedied (of the labels as
    they are learnt from). Raises DataError."""
    rows = split(dataset, recipe, seed)
    originals = rows["train"]
    originals = originals[kept(recipe.imbalance, dataset.labels[originals], dataset.classes)]
    chosen = balanced(recipe.balance, noisy_labels(dataset, recipe.label_noise, seed)[originals], seed)
    return Rows(originals[chosen.indices], chosen.copies, rows["validation"], rows["test"], originals)


def class_counts(dataset: Dataset, recipe: DataRecipe, seed: int) -> dict[str, Array]:
    """How many images of each class, (K,) each: "there" are (training part, before the imbalance), "kept", "trained
    with" (after the remedy), and the parts validation and test. Raises DataError."""
    rows = chosen_rows(dataset, recipe, seed)
    result = {
        "there": split(dataset, recipe, seed)["train"],
        "kept": rows.originals,
        "trained with": rows.train,
        "validation": rows.validation,
        "test": rows.test,
    }
    return {word: np.bincount(dataset.labels[these], minlength=dataset.classes) for word, these in result.items()}


def prepare(dataset: Dataset, recipe: DataRecipe, seed: int, dtype: DTypeLike = np.float32) -> Prepared:
    """Split, choose the training rows, fit the scaling on their originals alone (each once, as it is, so that remedies are
    compared on equal inputs), copy and expand, scale every part. Raises DataError."""
    rows = chosen_rows(dataset, recipe, seed)
    labels = noisy_labels(dataset, recipe.label_noise, seed)
    scaling = fit(recipe.scaling, dataset.images[rows.originals])
    images, trained = training_images(dataset, recipe, rows, seed), trained_rows(recipe, rows)

    def part(these: Array) -> Part:
        return Part(scaling.apply(dataset.images[these], dtype), dataset.labels[these], these)

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
    """(N,) rows of the data set in the order in which they train: all of them five times where one-pixel shifts are asked
    for."""
    return np.tile(rows.train, 1 + len(AROUND)) if recipe.expansion == "one_pixel_shifts" else rows.train


def training_images(dataset: Dataset, recipe: DataRecipe, rows: Rows, seed: int, most: int | None = None) -> Array:
    """Images (N, C, H, W) uint8 of `trained_rows`, copies as the remedy has them; with `most` only the first so many."""
    images, copies = dataset.images[rows.train[:most]], rows.copies[:most]
    if copies.any():  # their chance is drawn for all of them together
        images[copies] = redrawn(recipe.balance, dataset.images[rows.train[rows.copies]], seed)[: copies.sum()]
    if recipe.expansion == "one_pixel_shifts":
        images = expanded(images)
    return images[:most]
