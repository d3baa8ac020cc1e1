"""Scores from the largest down, equal ones taken together."""

import numpy as np

from core.arrays import Array


def falling(scores: Array) -> tuple[Array, Array]:
    """(N,) -> the order of the cases, the largest score first, and in it the last place of each different score."""
    order = np.argsort(-scores, kind="stable")
    down = scores[order]
    return order, np.flatnonzero(np.append(down[1:] != down[:-1], True)[: len(down)])
