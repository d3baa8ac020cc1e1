"""The embedded digits: their shapes, their scaling up, and the claim about forms."""

import difflib
import itertools

import numpy as np
import pytest
from sklearn.datasets import load_digits

from core.data import catalogue
from core.data.prepared import prepare
from core.data.recipe import DataRecipe
from core.data.sources import digits


@pytest.mark.parametrize("entry", digits.ENTRIES, ids=lambda entry: entry.name)
def test_the_digits_are_always_there_in_the_shape_described(entry):
    assert catalogue.missing(entry.name) is None
    assert entry.files == ()
    assert not entry.downloadable
    dataset = catalogue.load(entry.name)
    assert dataset.images.shape == (1797, *entry.shape)
    assert dataset.images.dtype == np.uint8
    assert dataset.parts == {"train": range(1287), "test": range(1287, 1797)}
    assert dataset.labels.tolist() == load_digits().target.tolist()
    assert dataset.counts("test").tolist() == [51, 52, 50, 52, 52, 52, 52, 51, 47, 51]
    assert not dataset.images.flags.writeable


@pytest.mark.parametrize("entry", digits.ENTRIES, ids=lambda entry: entry.name)
def test_the_border_is_empty_and_ink_reaches_white(entry):
    images, border = catalogue.load(entry.name).images, digits.BORDERS[entry.shape[1]]
    inside = np.zeros_like(images[0], dtype=bool)
    inside[:, border:-border, border:-border] = True
    assert images[:, ~inside].max() == 0
    assert images[:, inside].max() == 255
    assert (images == images[:, :1]).all()


def test_three_times_as_large_the_middle_of_each_block_is_the_original_pixel():
    middles = catalogue.load("digits-32x32-rgb").images[:, 0, 5:-4:3, 5:-4:3]
    assert np.array_equal(middles, np.rint(load_digits().images * 255 / 16))


def test_a_form_starts_where_the_test_part_does():
    """The same 130 labels fourteen times, some lost; ten times before the seam and four times after it."""
    labels = "".join(map(str, catalogue.load("digits").labels))
    starts = [0, 130, 256, 386, 516, 646, 776, 905, 1029, 1157, 1287, 1415, 1545, 1667, 1797]
    assert digits.SEAM in starts
    for start, end in itertools.pairwise(starts):
        assert difflib.SequenceMatcher(None, labels[:130], labels[start:end], autojunk=False).ratio() > 0.95


def test_prepared_digits_are_ready_to_train_on():
    prepared = prepare(catalogue.load("digits"), DataRecipe(name="digits"), seed=1)
    assert prepared.train.x.shape == (1073, 1, 28, 28)
    assert prepared.train.x.dtype == np.float32
    assert len(prepared.validation) == 214
    assert len(prepared.test) == 510
    assert prepared.train.x.min() == 0
    assert prepared.train.x.max() == 1
