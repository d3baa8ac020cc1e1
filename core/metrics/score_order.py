"""Scores in descending order, with equal ones grouped."""

import numpy as np

from core.arrays import Array


def falling(scores: Array) -> tuple[Array, Array]:
    """(N,) -> the order of the cases, the largest score first, and the last index of each distinct score in that
    order."""
    order = np.argsort(-scores, kind="stable")
    sorted_scores = scores[order]
    return order, np.flatnonzero(np.append(sorted_scores[1:] != sorted_scores[:-1], True)[: len(sorted_scores)])
