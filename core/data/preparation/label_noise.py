"""Label noise: some labels are made wrong on purpose, to see how a network copes with them."""

import numpy as np

from core.arrays import Array
from core.data.dataset import DataError, Dataset
from core.random import generator


def noisy_labels(dataset: Dataset, rate: float, seed: int) -> Array:
    """(N,) int64, a label for every image of the data set; the caller uses only those of the training images.

    A label is wrong with probability `rate`, and then each other class is equally likely. The label of an image depends
    only on the seed and its row; a label that is wrong at a low rate is wrong in the same way at a higher one.
    Raises DataError if there is no other class.
    """
    if not rate:
        return dataset.labels
    if dataset.classes < 2:
        raise DataError(f"{dataset.label} has only one class, so no label can be wrong. Set label noise to 0.")
    rng = generator(seed, "label noise")
    wrong = rng.random(len(dataset.labels)) < rate
    other = (dataset.labels + rng.integers(1, dataset.classes, len(dataset.labels))) % dataset.classes
    return np.where(wrong, other, dataset.labels)
