"""Points in the plane as tiny images: one row of two pixels, x and y."""

from pathlib import Path

import numpy as np

from core.arrays import Array
from core.data.dataset import Dataset
from core.data.dataset_info import Entry
from core.random import generator


COUNT, TEST = 1200, 300
SOURCE = "Synthetic: drawn by ConvScope from a seed."


def _entry(name: str, label: str, classes: int, words: str) -> Entry:
    names = tuple("ABC"[:classes])
    summary = f"Synthetic: {COUNT:,} points in the plane, {words}. Each image of 1x2 pixels is one point: x and y."
    return Entry(f"points-{name}", f"Points: {label} (synthetic)", (1, 1, 2), names, summary, SOURCE)


ENTRIES = (
    _entry("blobs", "blobs", 3, "three round clouds that overlap a little; straight lines separate them"),
    _entry("moons", "two moons", 2, "two interlocking half circles; no straight line separates them"),
    _entry("rings", "rings", 2, "a ring around a disc; no straight line separates them"),
    _entry("spiral", "spiral", 3, "three arms wound around each other; a network needs some hidden units"),
)


def read(entry: Entry, paths: list[Path]) -> Dataset:
    """`paths` is empty. The last 300 points are for the test."""
    rng = generator(0, entry.name)
    labels = rng.permutation(np.arange(COUNT) % len(entry.class_names))
    positions = DRAWN[entry.name](labels, rng)
    return Dataset(
        name=entry.name,
        label=entry.label,
        images=grey_levels(positions)[:, None, None, :],
        labels=labels.astype(np.int64),
        class_names=entry.class_names,
        parts={"train": range(COUNT - TEST), "test": range(COUNT - TEST, COUNT)},
        source=entry.source,
    )


def grey_levels(positions: Array) -> Array:
    """(N, 2) from -1 to 1 -> uint8: 0 is left or bottom, 255 is right or top."""
    return np.clip(np.rint((positions + 1) * 127.5), 0, 255).astype(np.uint8)


def blobs(labels: Array, rng: np.random.Generator) -> Array:
    angle = 2 * np.pi * labels / 3 + np.pi / 2
    return 0.5 * _on_circle(angle) + rng.normal(0, 0.16, (len(labels), 2))


def moons(labels: Array, rng: np.random.Generator) -> Array:
    angle = rng.uniform(0, np.pi, len(labels)) + np.pi * labels
    middle = np.where(labels[:, None] == 0, [-0.25, -0.12], [0.25, 0.12])
    return 0.55 * _on_circle(angle) + middle + rng.normal(0, 0.06, (len(labels), 2))


def rings(labels: Array, rng: np.random.Generator) -> Array:
    """The inner disc is uniformly dense: its radius is the root of a uniform random number."""
    radius = np.where(labels == 0, 0.4 * np.sqrt(rng.random(len(labels))), rng.uniform(0.6, 0.85, len(labels)))
    return radius[:, None] * _on_circle(rng.uniform(0, 2 * np.pi, len(labels)))


def spiral(labels: Array, rng: np.random.Generator) -> Array:
    along = rng.uniform(0.05, 1, len(labels))
    angle = 2 * np.pi * labels / 3 + 4.2 * along + rng.normal(0, 0.12, len(labels))
    return 0.9 * along[:, None] * _on_circle(angle)


def _on_circle(angle: Array) -> Array:
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)


DRAWN = {"points-blobs": blobs, "points-moons": moons, "points-rings": rings, "points-spiral": spiral}
