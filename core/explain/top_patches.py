"""What excites a map: the pieces of real images that it answers to most strongly."""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array


@dataclass(frozen=True)
class Spot:
    """A cell of a map, and what it answers there to an image."""

    image: int
    row: int
    column: int
    answer: float


def strongest(maps: Array, count: int) -> list[list[Spot]]:
    """For each map the `count` images that excite it most, each by its best cell. (N, maps, rows, columns)."""
    images, many, _, columns = maps.shape
    flat = maps.reshape(images, many, -1)
    best, cells = flat.max(axis=2), flat.argmax(axis=2)
    results = []
    for k in range(many):
        order = np.argsort(-best[:, k], kind="stable")[:count]
        positions = [divmod(int(cells[n, k]), columns) for n in order]
        results.append([Spot(int(n), i, j, float(best[n, k])) for n, (i, j) in zip(order, positions, strict=True)])
    return results


def seen_by(image: Array, spot: Spot, field: int, jump: int) -> Array:
    """(field, field): what that cell sees of an image (H, W), in a network without padding."""
    top, left = spot.row * jump, spot.column * jump
    return image[top : top + field, left : left + field]


def purity(labels: Array, spots: list[Spot]) -> float:
    """The share of the commonest class among the images of some spots."""
    return float(np.bincount(labels[[spot.image for spot in spots]]).max() / len(spots))
