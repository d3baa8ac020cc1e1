"""Searching for patterns: scores of a template, the cosine, and who wins in a scene."""

from functools import lru_cache

import numpy as np

from core.demos.images import search_scenes, template_matching
from core.demos.images.equivariance import tour


__all__ = ["best_scores", "cosine", "largest_at", "pooled_changes", "scene_names", "search", "winner", "zero_mean"]

cosine = template_matching.cosine


def search(image, template, how="raw"):
    """Scores of a template at each place: "raw", "normalised" or "zero-mean"."""
    return template_matching.scores(image, template, how)


def zero_mean(template):
    """The template with its mean taken off."""
    return np.asarray(template, np.float64) - np.mean(template)


def scene_names(name):
    """What stands in a scene, tile by tile."""
    return [tile[0] for tile in search_scenes.scene(name).tiles]


@lru_cache(maxsize=50)
def best_scores(name, how="raw", colour=True):
    """The best score in each tile of a scene, in the order of `scene_names`."""
    scene = search_scenes.scene(name)
    scene = scene if colour else search_scenes.without_colour(scene)
    table = template_matching.scores(scene.image, scene.template, how)
    best = np.array([best for _, best in template_matching.best_in_tiles(table, scene.tiles, scene.template.shape[1])])
    best.flags.writeable = False
    return best


def winner(name, how="raw", colour=True):
    """The name of the tile with the best score of all."""
    return scene_names(name)[int(np.argmax(best_scores(name, how, colour)))]


def largest_at(shape, kernel, side, position, turn=0):
    """The largest number of the map when `shape`, turned clockwise by `turn` quarters, lies at `place`."""
    result = tour(np.rot90(shape, -turn), kernel, side, 2, (0, 0))
    return result.maps[int(position[0]) * result.across + int(position[1])].max()


def pooled_changes(shape, kernel, side, start, position, window=2):
    """How many cells of the pooled map differ between two places of a shape."""
    result = tour(shape, kernel, side, window, (int(start[0]), int(start[1])))
    return int(result.changed[int(position[0]) * result.across + int(position[1])])
