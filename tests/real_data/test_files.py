"""The real files, in CONVSCOPE_DATA or in shared/data beside the repository."""

import os
from pathlib import Path

import numpy as np
import pytest

from core.data import catalogue
from core.data.preparation.scaling import PerPixel
from core.data.prepared import prepare
from core.data.recipe import DataRecipe
from core.data.splits import split


REAL = Path(os.environ.get("CONVSCOPE_DATA") or Path(__file__).parents[3] / "shared" / "data")
MNIST_TRAIN = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
MNIST_TEST = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]


@pytest.fixture
def real(monkeypatch):
    """Loads a real data set, or skips the test with a message on what is missing."""
    monkeypatch.setenv("CONVSCOPE_DATA", str(REAL))

    def load(name):
        if sentence := catalogue.missing(name):
            pytest.skip(sentence)
        return catalogue.load(name)

    return load


def test_mnist_has_the_counts_of_the_original(real):
    mnist = real("mnist")
    assert mnist.counts("train").tolist() == MNIST_TRAIN
    assert mnist.counts("test").tolist() == MNIST_TEST
    assert mnist.images.shape == (70_000, 1, 28, 28)
    assert not mnist.images.flags.writeable
    assert mnist.labels[:5].tolist() == [5, 0, 4, 1, 9]
    assert round(float(mnist.images[:60_000].mean()) / 255, 4) == 0.1307


def test_mnist_in_file_order_is_nielsens_split(real):
    for recipe in (DataRecipe(name="mnist"), DataRecipe(name="mnist", train=50_000, validation=10_000)):
        rows = split(real("mnist"), recipe, seed=3)
        assert np.array_equal(rows["train"], np.arange(50_000))
        assert np.array_equal(rows["validation"], np.arange(50_000, 60_000))
        assert np.array_equal(rows["test"], np.arange(60_000, 70_000))


def test_mnist_stratified_has_each_digit_at_its_share(real):
    mnist = real("mnist")
    rows = split(mnist, DataRecipe(name="mnist", train=1000, order="stratified"), seed=3)["train"]
    assert np.abs(np.bincount(mnist.labels[rows]) - np.array(MNIST_TRAIN) / 60).max() < 1


def test_mnists_border_pixels_do_not_explode(real):
    recipe = DataRecipe(name="mnist", train=5000, validation=1000, test=1000, scaling=PerPixel())
    prepared = prepare(real("mnist"), recipe, seed=1)
    assert max(np.abs(part.x).max() for part in (prepared.train, prepared.validation, prepared.test)) < 255 / 8


def test_svhn_has_the_counts_of_its_readme_with_ten_as_zero(real):
    svhn = real("svhn")
    if len(svhn.labels) == 81:
        assert svhn.counts("train").tolist() == [4, 17, 7, 5, 8, 4, 6, 2, 4, 5]
        assert svhn.counts("test").tolist() == [1, 5, 3, 1, 2, 2, 2, 1, 1, 1]
    else:
        assert svhn.counts("test").tolist() == [1744, 5099, 4149, 2882, 2523, 2384, 1977, 2019, 1660, 1595]
    assert svhn.shape == (3, 32, 32)
    assert not svhn.images.flags.writeable


def test_svhns_images_are_what_scipy_reads(real):
    import scipy.io

    svhn = real("svhn")
    if len(svhn.labels) != 81:
        pytest.skip("the whole SVHN is here; only its small subset is read twice")
    X = scipy.io.loadmat(REAL / "svhn" / "train_32x32.mat")["X"]
    assert np.array_equal(svhn.images[: X.shape[3]], X.transpose(3, 2, 0, 1))


def test_fer2013_has_the_counts_of_its_readme(real):
    fer = real("fer2013")
    counts = {part: fer.counts(part).tolist() for part in fer.parts}
    if len(fer.labels) == 8000:
        assert counts == {
            "train": [865, 85, 866, 1528, 985, 624, 1047],
            "validation": [144, 17, 149, 227, 170, 125, 168],
            "test": [132, 13, 141, 257, 160, 111, 186],
        }
    else:
        assert counts["train"] == [3995, 436, 4097, 7215, 4830, 3171, 4965]
    assert fer.shape == (1, 48, 48)
    assert not fer.images.flags.writeable
    assert fer.images[0, 0, 0, :5].tolist() == [70, 80, 82, 72, 58]


def test_fer2013_is_validated_on_its_own_public_test(real):
    fer = real("fer2013")
    rows = split(fer, DataRecipe(name="fer2013", train=700, order="stratified"), seed=1)
    assert np.bincount(fer.labels[rows["train"]], minlength=7).min() > 0
    assert sorted(rows["validation"].tolist()) == list(fer.parts["validation"])
