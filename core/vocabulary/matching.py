"""Searching for patterns: scores of a template, the cosine, and who wins in a scene."""

from functools import lru_cache

import numpy as np

from core.data import scenes
from core.maths import matching
from core.maths.tour import tour


__all__ = ["best_scores", "cosine", "largest_at", "pooled_changes", "scene_names", "search", "winner", "zero_mean"]

cosine = matching.cosine


def search(picture, template, how="raw"):
    """Scores of a template at each place: "raw", "normalised" or "zero-mean"."""
    return matching.scores(picture, template, how)


def zero_mean(template):
    """The template with its mean taken off."""
    return np.asarray(template, np.float64) - np.mean(template)


def scene_names(name):
    """What stands in a scene, tile by tile."""
    return [tile[0] for tile in scenes.scene(name).tiles]


@lru_cache(maxsize=50)
def best_scores(name, how="raw", colour=True):
    """The best score in each tile of a scene, in the order of `scene_names`."""
    found = scenes.scene(name)
    found = found if colour else scenes.without_colour(found)
    table = matching.scores(found.picture, found.template, how)
    best = np.array([best for _, best in matching.best_in_tiles(table, found.tiles, found.template.shape[1])])
    best.flags.writeable = False
    return best


def winner(name, how="raw", colour=True):
    """The name of the tile with the best score of all."""
    return scene_names(name)[int(np.argmax(best_scores(name, how, colour)))]


def largest_at(shape, kernel, side, place, turn=0):
    """The largest number of the map when `shape`, turned clockwise by `turn` quarters, lies at `place`."""
    found = tour(np.rot90(shape, -turn), kernel, side, 2, (0, 0))
    return found.maps[int(place[0]) * found.across + int(place[1])].max()


def pooled_changes(shape, kernel, side, start, place, window=2):
    """How many cells of the pooled map differ between two places of a shape."""
    found = tour(shape, kernel, side, window, (int(start[0]), int(start[1])))
    return int(found.changed[int(place[0]) * found.across + int(place[1])])
