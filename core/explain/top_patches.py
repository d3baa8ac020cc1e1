"""What a feature map responds to: the patches of real images with its largest activations."""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array


@dataclass(frozen=True)
class Spot:
    """A position in a feature map, and its activation for one image."""

    image: int
    row: int
    column: int
    answer: float


def strongest(maps: Array, count: int) -> list[list[Spot]]:
    """For each feature map of `maps` (N, maps, rows, columns), the `count` images with the largest activations, each at
    its strongest position."""
    images, map_count, _, columns = maps.shape
    flat = maps.reshape(images, map_count, -1)
    best, cells = flat.max(axis=2), flat.argmax(axis=2)
    results = []
    for k in range(map_count):
        order = np.argsort(-best[:, k], kind="stable")[:count]
        positions = [divmod(int(cells[n, k]), columns) for n in order]
        results.append([Spot(int(n), i, j, float(best[n, k])) for n, (i, j) in zip(order, positions, strict=True)])
    return results


def seen_by(image: Array, spot: Spot, field: int, jump: int) -> Array:
    """(field, field): the receptive field of that position in an image (H, W), for a network without padding."""
    top, left = spot.row * jump, spot.column * jump
    return image[top : top + field, left : left + field]


def purity(labels: Array, spots: list[Spot]) -> float:
    """The share of the most frequent class among the images of these spots."""
    return float(np.bincount(labels[[spot.image for spot in spots]]).max() / len(spots))
