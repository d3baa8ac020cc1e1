"""A look at what a network will see: a few training pictures before and after preparation, and counts of all."""

from dataclasses import dataclass

import numpy as np

from core.data.augmentation import AROUND, BLOCK, drawn, expanded
from core.data.dataset import PARTS, Dataset
from core.data.noise import noisy_labels
from core.data.recipe import DataRecipe
from core.data.scaling import fit
from core.data.splits import split


BINS = 40


@dataclass(frozen=True, eq=False)
class Look:
    counts: dict[str, np.ndarray]
    """Of each part: (classes,) pictures by the label they are learnt or judged with."""
    before: np.ndarray
    """(K, C, H, W) uint8: the first training pictures."""
    after: dict[int, np.ndarray]
    """By epoch: the same pictures as that epoch sees them, before scaling."""
    labels: np.ndarray
    """(K,) of these pictures."""
    wrong: np.ndarray
    """(M, C, H, W) uint8: the first training pictures with a wrong label."""
    wrong_labels: np.ndarray
    true_labels: np.ndarray
    wrong_count: int
    """Of all training pictures, each counted once."""
    distinct: int
    """Training pictures, each counted once."""
    formula: str
    """Of the scaling, with its numbers."""
    edges: np.ndarray
    """(BINS + 1,) of the values the network reads, in the first epoch, from the first thousand training pictures."""
    heights: np.ndarray
    """(BINS,) how many values lie in each."""
    looked_at: int
    """How many pictures the values come from."""

    @property
    def low(self) -> float:
        return float(self.edges[0])

    @property
    def high(self) -> float:
        return float(self.edges[-1])


def look(dataset: Dataset, recipe: DataRecipe, seed: int, some: int = 12, epochs: tuple[int, ...] = (1, 2, 3)) -> Look:
    """What `prepare` would make, without making all of it. Raises DataError as it does."""
    rows = split(dataset, recipe, seed)
    labels = noisy_labels(dataset, recipe.label_noise, seed)
    train = rows["train"]
    scaling = fit(recipe.scaling, dataset.pictures[train])
    first, first_labels = dataset.pictures[train[:BLOCK]], labels[train[:BLOCK]]
    times = 1
    if recipe.expansion == "one_pixel_shifts":
        times = 1 + len(AROUND)
        first, first_labels = expanded(first)[:BLOCK], np.tile(first_labels, times)[:BLOCK]
    seen = {epoch: drawn(first, recipe.augmentation, seed, epoch) for epoch in epochs}
    heights, edges = np.histogram(scaling.apply(seen[epochs[0]], np.float64), BINS)
    wrong = train[labels[train] != dataset.labels[train]]
    return Look(
        counts={
            part: _counts(labels[train] if part == "train" else dataset.labels[rows[part]], dataset.classes)
            * (times if part == "train" else 1)
            for part in PARTS
        },
        before=first[:some],
        after={epoch: pictures[:some] for epoch, pictures in seen.items()},
        labels=first_labels[:some],
        wrong=dataset.pictures[wrong[:some]],
        wrong_labels=labels[wrong[:some]],
        true_labels=dataset.labels[wrong[:some]],
        wrong_count=len(wrong),
        distinct=len(train),
        formula=scaling.formula(),
        edges=edges,
        heights=heights,
        looked_at=len(first),
    )


def _counts(labels: np.ndarray, classes: int) -> np.ndarray:
    return np.bincount(labels, minlength=classes)
