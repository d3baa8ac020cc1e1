"""A well-known data set is recognised when it is uploaded."""

import numpy as np
import pytest

from core.data.dataset import Dataset
from core.data.formats.known_sets import COUNTS, known_set


TOTALS = {"MNIST": 70_000, "FER2013": 35_887}


@pytest.mark.parametrize("name", COUNTS)
def test_a_known_set_is_recognised_by_its_counts_in_any_order(name):
    counts = COUNTS[name]
    assert sum(counts) == TOTALS.get(name, sum(counts))
    labels = np.repeat(np.arange(len(counts)), counts[::-1])
    images = np.zeros((len(labels), 1, 1, 1), np.uint8)
    names = tuple(map(str, range(len(counts))))
    dataset = Dataset("", "mine", images, labels, names, {"train": range(len(labels))}, "")
    assert f"as {name}: " in known_set(dataset)
    fewer = Dataset("", "mine", images[1:], labels[1:], names, {"train": range(len(labels) - 1)}, "")
    assert known_set(fewer) == ""
