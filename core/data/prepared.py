"""The arrays an experiment gets: split, scaled, read-only."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from core.data.balance import balanced, redrawn
from core.data.dataset import Dataset, read_only
from core.data.imbalance import kept
from core.data.recipe import DataRecipe
from core.data.scaling import FittedScaling, fit
from core.data.splits import split


@dataclass(frozen=True, eq=False)
class Part:
    """Scaled pictures x (N, C, H, W), labels y (N,) int64, and their rows (N,) int64 in the data set; read-only. Only in
    training can a row stand twice: then the pictures there are copies of it (core/data/balance.py)."""

    x: np.ndarray
    y: np.ndarray
    rows: np.ndarray

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
    """(C, H, W) of one picture."""
    scaling: FittedScaling


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows of the data set, by part, after imbalance and remedy."""

    train: np.ndarray
    copies: np.ndarray
    """(N,) bool: which of the training rows have been there before."""
    validation: np.ndarray
    test: np.ndarray
    originals: np.ndarray
    """The training rows before any remedy, each once."""


def chosen_rows(dataset: Dataset, recipe: DataRecipe, seed: int) -> Rows:
    """Split first; then, in training alone, the imbalance is made and remedied. Raises DataError."""
    rows = split(dataset, recipe, seed)
    originals = rows["train"]
    originals = originals[kept(recipe.imbalance, dataset.labels[originals], dataset.classes)]
    chosen = balanced(recipe.balance, dataset.labels[originals], seed)
    return Rows(originals[chosen.places], chosen.copies, rows["validation"], rows["test"], originals)


def class_counts(dataset: Dataset, recipe: DataRecipe, seed: int) -> dict[str, np.ndarray]:
    """How many pictures of each class, (K,) each: "there" are (training part, before the imbalance), "kept", "trained
    with" (after the remedy), and the parts validation and test. Raises DataError."""
    rows = chosen_rows(dataset, recipe, seed)
    found = {
        "there": split(dataset, recipe, seed)["train"],
        "kept": rows.originals,
        "trained with": rows.train,
        "validation": rows.validation,
        "test": rows.test,
    }
    return {word: np.bincount(dataset.labels[these], minlength=dataset.classes) for word, these in found.items()}


def prepare(dataset: Dataset, recipe: DataRecipe, seed: int, dtype: DTypeLike = np.float32) -> Prepared:
    """Split, choose the training rows, fit the scaling on their originals alone (so that remedies are compared on equal
    inputs), scale every part. Raises DataError."""
    rows = chosen_rows(dataset, recipe, seed)
    scaling = fit(recipe.scaling, dataset.pictures[rows.originals])

    def part(these: np.ndarray, pictures: np.ndarray | None = None) -> Part:
        pictures = dataset.pictures[these] if pictures is None else pictures
        return Part(scaling.apply(pictures, dtype), dataset.labels[these], these)

    train = part(rows.train, training_pictures(dataset, recipe, rows, seed))
    return Prepared(train, part(rows.validation), part(rows.test), dataset.class_names, dataset.shape, scaling)


def training_pictures(dataset: Dataset, recipe: DataRecipe, rows: Rows, seed: int) -> np.ndarray:
    """(N, C, H, W) uint8, copies as the remedy has them."""
    pictures = dataset.pictures[rows.train]
    if rows.copies.any():
        pictures[rows.copies] = redrawn(recipe.balance, pictures[rows.copies], seed)
    return pictures
