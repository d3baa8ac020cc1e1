"""The arrays an experiment gets: split, scaled, read-only."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from core.data.dataset import Dataset, read_only
from core.data.recipe import DataRecipe
from core.data.scaling import FittedScaling, fit
from core.data.splits import split


@dataclass(frozen=True, eq=False)
class Part:
    """Scaled pictures x (N, C, H, W), labels y (N,) int64, and their rows (N,) int64 in the data set; read-only."""

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


def prepare(dataset: Dataset, recipe: DataRecipe, seed: int, dtype: DTypeLike = np.float32) -> Prepared:
    """Split, fit the scaling on the training pictures alone, scale every part. Raises DataError."""
    rows = split(dataset, recipe, seed)
    scaling = fit(recipe.scaling, dataset.pictures[rows["train"]])

    def part(name: str) -> Part:
        these = rows[name]
        return Part(scaling.apply(dataset.pictures[these], dtype), dataset.labels[these], these)

    return Prepared(part("train"), part("validation"), part("test"), dataset.class_names, dataset.shape, scaling)
