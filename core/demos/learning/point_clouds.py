"""Two classes of points in the plane: small data sets on which a decision boundary can be watched."""

import numpy as np

from core.arrays import Array
from core.random import generator


NOISE = 0.22


def clouds(count: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Two clusters, lower left and upper right; a straight line separates them."""
    labels = np.arange(count) % 2
    return np.where(labels[:, None] == 1, 1.1, -1.1) + rng.normal(0, 0.55, (count, 2)), labels


def corners(count: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Four clusters; opposite corners belong to the same class (exclusive or)."""
    labels = np.arange(count) % 2
    side = np.where(np.arange(count) // 2 % 2, 1, -1)
    centre = 1.4 * np.stack([side, np.where(labels == 1, side, -side)], axis=1)
    return centre + rng.normal(0, 0.4, (count, 2)), labels


def ring(count: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """A cluster inside a ring."""
    labels = np.arange(count) % 2
    radius = np.where(labels == 1, 2.2, 0.7) + rng.normal(0, NOISE, count)
    angle = rng.uniform(0, 2 * np.pi, count)
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1), labels


def spirals(count: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Two spiral arms that wind around each other."""
    labels = np.arange(count) % 2
    along = (np.arange(count) // 2 + 0.5) / ((count + 1) // 2)
    angle = 1.35 * 2 * np.pi * along + np.pi * labels
    points = np.stack([np.cos(angle), np.sin(angle)], axis=1) * (0.3 + 2.4 * along)[:, None]
    return points + rng.normal(0, 0.06, (count, 2)), labels


PATTERNS = {"clouds": clouds, "corners": corners, "ring": ring, "spirals": spirals}


def points(pattern: str, count: int, seed: int = 1) -> tuple[Array, Array]:
    """Points (count, 2) within -3..3 and alternating labels (count,) of 0 and 1."""
    xy, labels = PATTERNS[pattern](count, generator(seed, "points", pattern))
    return np.clip(xy, -2.95, 2.95), labels
