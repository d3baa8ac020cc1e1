"""Searches among thirty recorded settings; numbers in the text are read from the recording, never typed."""

import numpy as np

from core.arrays import Array
from core.demos.learning.hyperparameter_search import search
from core.recordings.recording import FOLDER
from core.recordings.tables import read


__all__ = ["search_behind", "search_best", "search_noise", "search_random_behind"]

SEEDS = range(1, 201)


def _scores() -> Array:
    return np.array(read(FOLDER / "measured" / "search.json").numbers["accuracy"])


def search_best() -> float:
    """The highest mean accuracy over the folds among all recorded settings, in percent."""
    return float(100 * _scores().mean(axis=2).max())


def search_behind(kind: str, budget: int, seed: int = 1) -> float:
    """By how many percentage points a "grid" or "random" search with 4, 9 or 16 trials falls short of `search_best`."""
    return 100 * search(_scores(), kind, int(budget), int(seed)).behind


def search_random_behind(budget: int) -> float:
    """By how many percentage points random search falls short of `search_best`, on average over 200 seeds."""
    return float(np.mean([search_behind("random", budget, seed) for seed in SEEDS]))


def search_noise() -> float:
    """The sample standard deviation over the folds of the best setting, in percentage points."""
    scores = _scores()
    return float(100 * scores.reshape(-1, scores.shape[2])[scores.mean(axis=2).argmax()].std(ddof=1))
