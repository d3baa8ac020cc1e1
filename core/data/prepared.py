"""The arrays an experiment gets: split, labels made noisy, expanded, scaled, read-only."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from core.data.augmentation import AROUND, drawn, expanded
from core.data.dataset import Dataset, read_only
from core.data.noise import noisy_labels
from core.data.recipe import DataRecipe
from core.data.scaling import FittedScaling, fit
from core.data.splits import split


@dataclass(frozen=True, eq=False)
class Part:
    """Scaled pictures x (N, C, H, W), labels y (N,) int64 as they are learnt from, and their rows (N,) int64 in the data
    set; read-only."""

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
    pictures: np.ndarray
    """Training pictures (N, C, H, W) uint8 before scaling and augmentation, row by row those of `train`."""
    truth: np.ndarray
    """(N,) int64: the labels of the training pictures before noise."""
    recipe: DataRecipe
    seed: int

    @property
    def changes(self) -> bool:
        """Whether each epoch sees other training pictures."""
        return bool(self.recipe.augmentation)

    def seen(self, epoch: int) -> np.ndarray:
        """What epoch number `epoch` (from 1) trains with: as `train.x`, but drawn for this epoch."""
        if not self.changes:
            return self.train.x
        return self.scaling.apply(drawn(self.pictures, self.recipe.augmentation, self.seed, epoch), self.train.x.dtype)


def prepare(dataset: Dataset, recipe: DataRecipe, seed: int, dtype: DTypeLike = np.float32) -> Prepared:
    """Split, fit the scaling on the training pictures alone (each once, as it is), expand them, scale every part.
    Raises DataError."""
    rows = split(dataset, recipe, seed)
    labels = noisy_labels(dataset, recipe.label_noise, seed)
    pictures = dataset.pictures[rows["train"]]
    scaling = fit(recipe.scaling, pictures)
    if recipe.expansion == "one_pixel_shifts":
        pictures, rows["train"] = expanded(pictures), np.tile(rows["train"], 1 + len(AROUND))

    def part(name: str) -> Part:
        these = rows[name]
        return Part(scaling.apply(dataset.pictures[these], dtype), dataset.labels[these], these)

    train = Part(scaling.apply(pictures, dtype), labels[rows["train"]], rows["train"])
    return Prepared(
        train=train,
        validation=part("validation"),
        test=part("test"),
        class_names=dataset.class_names,
        shape=dataset.shape,
        scaling=scaling,
        pictures=read_only(pictures),
        truth=read_only(dataset.labels[train.rows]),
        recipe=recipe,
        seed=seed,
    )
