"""Grid and random search in a table of measured settings: which ones are tried, and the best one that is found."""

from typing import NamedTuple

from core.arrays import Array
from core.random import generator


BUDGETS = (4, 9, 16)
"""Square numbers, so that a grid has equally many values of both settings."""
KINDS = ("grid", "random")


class SearchResult(NamedTuple):
    """The result of a search in a table of scores (rows, columns, folds)."""

    tried: list[tuple[int, int]]
    """The cells of the table that were tried, in order."""
    best: tuple[int, int]
    """The cell with the highest mean over the folds among those tried."""
    mean: float
    """The mean score of `best`."""
    behind: float
    """The highest mean in the whole table minus that of `best`."""


def tries(kind: str, rows: int, columns: int, budget: int, seed: int = 1) -> list[tuple[int, int]]:
    """The cells of a table to try: "grid" spaces rows and columns evenly, "random" draws without repetition."""
    if kind == "grid":
        each = round(budget**0.5)
        return [(i, j) for i in _spread(rows, each) for j in _spread(columns, each)]
    drawn = generator(seed, "search").permutation(rows * columns)[:budget]
    return [divmod(int(position), columns) for position in drawn]


def search(scores: Array, kind: str, budget: int, seed: int = 1) -> SearchResult:
    """Search `scores` (rows, columns, folds) for the highest; `kind` is one of KINDS."""
    means = scores.mean(axis=2)
    rows, columns = means.shape
    tried = tries(kind, rows, columns, budget, seed)
    best = max(tried, key=lambda position: means[position])
    return SearchResult(tried, best, float(means[best]), float(means.max() - means[best]))


def _spread(count: int, parts: int) -> list[int]:
    """The middle index of each of `parts` equal parts of `count` indices."""
    return [int((k + 0.5) * count / parts) for k in range(parts)]
