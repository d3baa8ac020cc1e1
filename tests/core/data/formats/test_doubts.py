"""What is doubtful about a data set is said before anything is trained."""

import numpy as np
import pytest

from core.data.dataset import Dataset
from core.data.formats.doubts import doubts


def made(train, test=(), images=None, validation=()):
    """A data set of random images with these labels."""
    labels = np.array([*train, *validation, *test], dtype=np.int64)
    rng = np.random.default_rng(1)
    ends = np.cumsum([0, len(train), len(validation), len(test)]).tolist()
    parts = {"train": range(*ends[:2]), "validation": range(*ends[1:3]), "test": range(*ends[2:])}
    pixels = rng.integers(0, 256, (len(labels), 1, 8, 8)).astype(np.uint8)
    for row, value in (images or {}).items():
        pixels[row] = pixels[value]
    return Dataset("", "mine", pixels, labels, ("cat", "dog"), {k: v for k, v in parts.items() if v}, "")


@pytest.mark.parametrize(
    "dataset, said",
    [
        (made([0, 1] * 6, [0, 1]), []),
        (made([0, 1] * 6, [0]), ["Class 'dog' has 6 training images, but no test images."]),
        (made([0] * 6, [0, 1, 1]), ["Class 'dog' has 2 test images, but none to train with."]),
        (made([0, 1] * 6), ["There is no test part, so nothing can be said"]),
        (made([0, 1]), ["There is no test part: the classes are too small"]),
        (made([0, 1] * 6, [0, 1], {12: 0}), ["1 image is in the training and in the test part alike"]),
        (made([0, 1] * 6, [0, 1], {1: 0, 3: 2}), ["2 images stand under two classes ('cat', 'dog')."]),
        (made([0, 1] * 6, [0, 1], validation=[0]), ["but no validation images."]),
    ],
)
def test_each_doubt_is_one_sentence(dataset, said):
    found = doubts(dataset)
    assert len(found) == len(said)
    assert all(words in sentence for words, sentence in zip(said, found, strict=True)), found


def test_images_of_one_colour_are_counted_and_not_taken_for_copies():
    dataset = made([0, 1] * 6, [0, 1])
    pixels = dataset.images.copy()
    pixels[[0, 1, 13]] = 200
    pixels[2] = 100 + np.arange(64).reshape(8, 8) // 10
    flat = Dataset("", "mine", pixels, dataset.labels, dataset.class_names, dataset.parts, "")
    assert doubts(flat) == ("4 of 14 images are of one colour only, or nearly so ('cat', 'dog').",)
