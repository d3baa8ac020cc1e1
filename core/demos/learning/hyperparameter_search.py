"""Searching among settings that were all measured: which ones a grid or a random draw tries, and the best it finds."""

from typing import NamedTuple

from core.arrays import Array
from core.random import generator


BUDGETS = (4, 9, 16)
"""Squares, so that a grid has as many values of one setting as of the other."""
KINDS = ("grid", "random")


class Found(NamedTuple):
    """What a search came to, on scores (rows, columns, folds)."""

    tried: list[tuple[int, int]]
    """Places, in the order of trying."""
    best: tuple[int, int]
    """Of those tried, by the mean over the folds."""
    mean: float
    behind: float
    """The highest mean of the whole table minus that of `best`."""


def tries(kind: str, rows: int, columns: int, budget: int, seed: int = 1) -> list[tuple[int, int]]:
    """`budget` places of a table: "grid" spreads as many rows as columns evenly, "random" draws without repeating."""
    if kind == "grid":
        each = round(budget**0.5)
        return [(i, j) for i in _spread(rows, each) for j in _spread(columns, each)]
    drawn = generator(seed, "search").permutation(rows * columns)[:budget]
    return [divmod(int(position), columns) for position in drawn]


def search(scores: Array, kind: str, budget: int, seed: int = 1) -> Found:
    """`scores` (rows, columns, folds), the higher the better."""
    means = scores.mean(axis=2)
    rows, columns = means.shape
    tried = tries(kind, rows, columns, budget, seed)
    best = max(tried, key=lambda position: means[position])
    return Found(tried, best, float(means[best]), float(means.max() - means[best]))


def _spread(count: int, wanted: int) -> list[int]:
    """The middles of `wanted` equal stretches of `count` places."""
    return [int((k + 0.5) * count / wanted) for k in range(wanted)]
