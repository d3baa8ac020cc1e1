"""Searching for patterns: scores of a template, the cosine, and the best match in a scene."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from core.arrays import Array
from core.demos.images import search_scenes, template_matching
from core.demos.images.equivariance import tour


__all__ = ["best_scores", "cosine", "largest_at", "pooled_changes", "scene_names", "search", "winner", "zero_mean"]

cosine = template_matching.cosine


def search(image: ArrayLike, template: ArrayLike, how: template_matching.Score = "raw") -> Array:
    """The score of a template at each position; `how` is "raw", "normalised" or "zero-mean"."""
    return template_matching.scores(image, template, how)


def zero_mean(template: ArrayLike) -> Array:
    """The template minus its mean."""
    values = np.asarray(template, np.float64)
    return np.asarray(values - values.mean())


def scene_names(name: str) -> list[str]:
    """The names of the things in a scene, tile by tile."""
    return [tile[0] for tile in search_scenes.scene(name).tiles]


@lru_cache(maxsize=50)
def best_scores(name: str, how: template_matching.Score = "raw", colour: bool = True) -> Array:
    """The best score in each tile of a scene, in the order of `scene_names`."""
    scene = search_scenes.scene(name)
    scene = scene if colour else search_scenes.without_colour(scene)
    table = template_matching.scores(scene.image, scene.template, how)
    best = np.array([best for _, best in template_matching.best_in_tiles(table, scene.tiles, scene.template.shape[1])])
    best.flags.writeable = False
    return best


def winner(name: str, how: template_matching.Score = "raw", colour: bool = True) -> str:
    """The name of the tile with the highest score."""
    return scene_names(name)[int(np.argmax(best_scores(name, how, colour)))]


def largest_at(shape: ArrayLike, kernel: ArrayLike, side: int, position: Sequence[int], turn: int = 0) -> float:
    """The largest value of the feature map with `shape` at `position`, rotated clockwise by `turn` quarter turns."""
    result = tour(np.rot90(np.asarray(shape), -turn), kernel, side, 2, (0, 0))
    return float(result.maps[int(position[0]) * result.across + int(position[1])].max())


def pooled_changes(
    shape: ArrayLike, kernel: ArrayLike, side: int, start: Sequence[int], position: Sequence[int], window: int = 2
) -> int:
    """How many cells of the pooled feature map differ between two positions of a shape."""
    result = tour(shape, kernel, side, window, (int(start[0]), int(start[1])))
    return int(result.changed[int(position[0]) * result.across + int(position[1])])
