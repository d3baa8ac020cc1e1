"""What a feature map responds to: the patches of real images with its largest activations."""

from dataclasses import dataclass

import numpy as np

from core.arrays import Array
from core.backend import Model
from core.network.costs import costs
from core.network.network import Network


BATCH = 64
"""Images per call of the model: all their activations are held at the same time."""


@dataclass(frozen=True)
class Spot:
    """A position in a feature map, and its activation for one image."""

    image: int
    row: int
    column: int
    answer: float


@dataclass(frozen=True)
class Peaks:
    """The largest activation of each image in each map (N, maps), and its position (N, maps, 2)."""

    values: Array
    cells: Array


def peaks(maps: Array) -> Peaks:
    """Of feature maps (N, maps, rows, columns) or of the units of a dense layer (N, units), at (0, 0)."""
    images, count = maps.shape[:2]
    columns = maps.shape[3] if maps.ndim == 4 else 1
    flat = maps.reshape(images, count, -1)
    return Peaks(flat.max(axis=2), np.stack(np.divmod(flat.argmax(axis=2), columns), axis=2))


def peaks_of(model: Model, images: Array, layer: str) -> Peaks:
    """Of a layer of the network, a batch of images after the other."""
    parts = [peaks(model.activations(images[n : n + BATCH])[layer]) for n in range(0, len(images), BATCH)]
    return Peaks(np.concatenate([one.values for one in parts]), np.concatenate([one.cells for one in parts]))


def strongest_of(found: Peaks, count: int) -> list[list[Spot]]:
    """For each feature map, the `count` images with the largest activations, each at its strongest position."""
    results = []
    for k in range(found.values.shape[1]):
        order = np.argsort(-found.values[:, k], kind="stable")[:count]
        places = [tuple(map(int, found.cells[n, k])) for n in order]
        results.append([Spot(int(n), i, j, float(found.values[n, k])) for n, (i, j) in zip(order, places, strict=True)])
    return results


def strongest(maps: Array, count: int) -> list[list[Spot]]:
    """`strongest_of` the peaks of feature maps (N, maps, rows, columns)."""
    return strongest_of(peaks(maps), count)


def box(network: Network, layer: str, row: int, column: int) -> tuple[int, int, int, int]:
    """(top, left, bottom, right), the ends exclusive: the part of the input that a cell of a layer depends on. It may
    extend beyond the image into the padding; after a dense layer it is the whole image."""
    cost = next(one for one in costs(network) if one.step.layer.name == layer)
    _, height, width = network.input_shape
    if cost.receptive_field is None or cost.jump is None or cost.start is None:
        return 0, 0, height, width
    top, left = cost.start[0] + row * cost.jump[0], cost.start[1] + column * cost.jump[1]
    return top, left, top + cost.receptive_field[0], left + cost.receptive_field[1]


def cut(image: Array, sides: tuple[int, int, int, int], fill: float = 0) -> Array:
    """The part of an image (C, H, W) or (H, W) inside a box (top, left, bottom, right), ends exclusive; `fill` outside
    the image."""
    top, left, bottom, right = sides
    height, width = image.shape[-2:]
    result = np.full((*image.shape[:-2], bottom - top, right - left), fill, image.dtype)
    (first, last), (start, end) = np.clip([top, bottom], 0, height), np.clip([left, right], 0, width)
    result[..., first - top : last - top, start - left : end - left] = image[..., first:last, start:end]
    return result


def seen_by(image: Array, spot: Spot, field: int, jump: int) -> Array:
    """(field, field): the receptive field of that position in an image (H, W), for a network without padding."""
    top, left = spot.row * jump, spot.column * jump
    return cut(image, (top, left, top + field, left + field))


def purity(labels: Array, spots: list[Spot]) -> float:
    """The share of the most frequent class among the images of these spots."""
    return float(np.bincount(labels[[spot.image for spot in spots]]).max() / len(spots))
