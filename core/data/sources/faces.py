"""Faces: seven expressions drawn with a few strokes, with the class frequencies of FER2013. Synthetic."""

from pathlib import Path

import numpy as np

from core.arrays import Array
from core.data.dataset import Dataset
from core.data.dataset_info import Entry
from core.random import generator


SIDE = 48
NAMES = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
COUNTS = (4953, 547, 5121, 8989, 6077, 4002, 6198)
"""How often each class occurs among FER2013's 35,887 faces."""
SMALLER = 5
"""There is one drawn face for this many faces of FER2013."""

Number = float | Array
"""One number for all faces, or an array with one per face."""

ENTRY = Entry(
    name="faces",
    label="Faces (synthetic)",
    shape=(1, SIDE, SIDE),
    class_names=NAMES,
    summary="Synthetic faces, 48x48, grey, seven expressions, as frequent as in FER2013: 'disgust' is rare.",
    source="Synthetic: drawn by ConvScope from a seed, in the proportions of FER2013.",
)

#            brow: height, slant; eye: open; mouth: height, curve, open, width
FEATURES = {
    "angry": (-1.6, 0.34, 0.8, 0.0, -0.10, 0.3, 0.9),
    "disgust": (-1.0, 0.22, 0.55, -1.2, -0.22, 0.9, 0.8),
    "fear": (1.6, -0.24, 1.45, 0.4, -0.12, 1.8, 0.95),
    "happy": (0.3, -0.04, 0.85, 0.2, 0.42, 0.8, 1.2),
    "sad": (0.3, -0.30, 0.75, 0.9, -0.34, 0.2, 0.85),
    "surprise": (2.4, -0.02, 1.6, 0.8, 0.02, 3.4, 0.6),
    "neutral": (0.0, 0.0, 1.0, 0.0, 0.02, 0.1, 1.0),
}
"""Pixels, slopes and factors; every drawn face deviates from its row."""
DEVIATIONS = np.array([0.7, 0.1, 0.2, 0.7, 0.11, 0.4, 0.13])


def read(entry: Entry, paths: list[Path]) -> Dataset:
    """`paths` is empty. The last eighth is for the test."""
    rng = generator(0, "faces")
    counts = [round(count / SMALLER) for count in COUNTS]
    labels = rng.permutation(np.repeat(np.arange(len(NAMES)), counts))
    seam = len(labels) - len(labels) // 8
    images = np.concatenate([_drawn(labels[start : start + 500], rng) for start in range(0, len(labels), 500)])
    return Dataset(
        name=entry.name,
        label=entry.label,
        images=images,
        labels=labels.astype(np.int64),
        class_names=entry.class_names,
        parts={"train": range(seam), "test": range(seam, len(labels))},
        source=entry.source,
    )


def _drawn(labels: Array, rng: np.random.Generator) -> Array:
    """(N, 1, 48, 48) uint8: a head, two eyes, two brows, a nose and a mouth, each face slightly rotated and shifted."""
    means = np.array([FEATURES[name] for name in NAMES])[labels]
    features = (means + rng.normal(0, 1, means.shape) * DEVIATIONS).T[..., None, None]
    brow_height, brow_slant, eye_open, mouth_height, mouth_curve, mouth_open, mouth_width = features
    across, down = _face_positions(len(labels), rng)
    background, skin, ink = _greys(len(labels), rng)
    left_or_right = np.abs(across)
    head = _inside(_ellipse(across, down - 1, 16.5, 20), 0.08)
    eye = _inside(_ellipse(left_or_right - 6.5, down + 5, 3.0, np.maximum(0.5, 1.9 * eye_open)), 0.3)
    pupil = _inside(_ellipse(left_or_right - 6.5, down + 5, 1.2, np.maximum(0.4, 1.5 * np.minimum(eye_open, 1.1))), 0.4)
    brow = _stroke(down + 9.5 + brow_height + brow_slant * (left_or_right - 6.5), 1.0) * _between(
        left_or_right, 2.5, 10.5
    )
    arc = down - 9.5 - mouth_height + mouth_curve * (across**2 / 6 - 4)
    mouth = _stroke(arc, 1.0 + np.maximum(0, mouth_open)) * _between(left_or_right, -1, 7 * mouth_width)
    nose = 0.5 * _stroke(across - 1.2, 0.7) * _between(down, -3, 3.5)
    values = background + (skin - background) * head
    for shape, grey in ((nose, ink), (eye, 235), (pupil, ink), (brow, ink), (mouth, ink)):
        values = values + (grey - values) * shape
    values = values + rng.normal(0, 1, values.shape) * rng.uniform(4, 14, (len(labels), 1, 1))
    images: Array = np.clip(np.rint(values), 0, 255).astype(np.uint8)[:, None]
    return images


def _face_positions(count: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """The position of each pixel relative to the nose of its face, to the right and down, (N, 48, 48) each."""
    angle, size = rng.normal(0, 0.09, (count, 1, 1)), rng.normal(1, 0.06, (count, 1, 1))
    row, column = np.mgrid[:SIDE, :SIDE] - (SIDE - 1) / 2
    row, column = row + rng.normal(0, 1.3, (count, 1, 1)), column + rng.normal(0, 1.3, (count, 1, 1))
    across = (np.cos(angle) * column + np.sin(angle) * row) / size
    return across, (np.cos(angle) * row - np.sin(angle) * column) / size


def _greys(count: int, rng: np.random.Generator) -> tuple[Array, Array, Array]:
    """Grey levels of the background, the skin, and the ink, which is always darker than the skin."""
    skin = rng.uniform(110, 215, (count, 1, 1))
    return rng.uniform(10, 245, (count, 1, 1)), skin, skin * rng.uniform(0.2, 0.5, (count, 1, 1))


def _ellipse(across: Array, down: Array, width: Number, height: Number) -> Array:
    """Below 1 inside the ellipse, above 1 outside."""
    distance: Array = np.sqrt((across / width) ** 2 + (down / height) ** 2)
    return distance


def _inside(distance: Array, softness: float) -> Array:
    return np.clip((1 - distance) / softness + 0.5, 0, 1)


def _stroke(distance: Array, half_width: Number) -> Array:
    return np.clip(half_width - np.abs(distance) + 0.5, 0, 1)


def _between(values: Array, low: Number, high: Number) -> Array:
    return np.clip(values - low + 0.5, 0, 1) * np.clip(high - values + 0.5, 0, 1)
