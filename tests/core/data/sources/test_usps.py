"""USPS in both its forms, HDF5 and text."""

import bz2
import subprocess
import sys

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from core.data import catalogue
from core.data.dataset import DataError
from tests.support.uploads import put


def digits(count):
    rng = np.random.default_rng(count)
    return rng.integers(0, 256, (count, 256)) / 255, np.arange(count) % 10


def hdf5(path, **parts):
    h5py = pytest.importorskip("h5py")
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w") as file:
        for part, (values, labels) in parts.items():
            file[f"{part}/data"], file[f"{part}/target"] = values.astype(np.float32), labels
    return path


def libsvm(values, labels) -> bytes:
    lines = []
    for row, label in zip(values, labels, strict=True):
        fields = " ".join(f"{index}:{2 * value - 1:.6g}" for index, value in enumerate(row, 1))
        lines.append(f"{label + 1} {fields} ")
    return "\n".join(lines).encode()


@pytest.mark.parametrize("form", ["h5", "text", "bz2"])
def test_usps_is_read_from_hdf5_and_from_text_packed_or_not(form, data):
    train, test = digits(25), digits(12)
    if form == "h5":
        hdf5(data / "usps" / "usps.h5", train=train, test=test)
    else:
        pack, ending = (bz2.compress, ".bz2") if form == "bz2" else (bytes, "")
        put(data, f"usps/usps{ending}", pack(libsvm(*train)))
        put(data, f"usps/usps.t{ending}", pack(libsvm(*test)))
    recording = catalogue.load("usps")
    assert recording.shape == (1, 16, 16)
    assert recording.parts == {"train": range(25), "test": range(25, 37)}
    assert_array_equal(recording.labels, [*train[1], *test[1]])
    assert_array_equal(recording.images[:25].reshape(25, 256), np.rint(train[0] * 255))


def test_reading_hdf5_imports_no_framework():
    code = "import sys, h5py; print(sorted({'tensorflow', 'torch', 'keras'} & set(sys.modules)))"
    pytest.importorskip("h5py")
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "[]"


BAD_TEXTS = {
    "a place too far": (b"1 257:0.5", "indices from 1 to 256"),
    "place 0": (b"1 0:0.5", "indices from 1 to 256"),
    "a word": (b"1 2:cat", "line 1"),
    "a label of 11": (b"11 1:0.5", "not one of 0 to 9"),
    "too large a value": (b"1 1:7", "from 0 to 1"),
    "damaged packing": (b"BZh9" + bytes(40), "damaged|cut short"),
    "packing cut short": (bz2.compress(b"1 1:0.5\n" * 9)[:-9], "cut short"),
}


@pytest.mark.parametrize("content, words", BAD_TEXTS.values(), ids=BAD_TEXTS)
def test_a_bad_text_of_usps_is_refused_in_a_sentence(content, words, data):
    put(data, "usps/usps", content)
    put(data, "usps/usps.t", libsvm(*digits(3)))
    with pytest.raises(DataError, match=words):
        catalogue.load("usps")


def test_the_training_text_alone_asks_for_the_test_text(data):
    put(data, "usps/usps", libsvm(*digits(3)))
    with pytest.raises(DataError, match=r"usps\.t"):
        catalogue.load("usps")


def test_an_hdf5_file_of_something_else_is_a_sentence(data):
    hdf5(data / "usps" / "usps.h5", train=(np.zeros((3, 9)), np.zeros(3)), test=digits(3))
    with pytest.raises(DataError, match="256"):
        catalogue.load("usps")
    put(data, "usps/usps.h5", b"\x89HDF\r\n\x1a\n" + bytes(100))
    with pytest.raises(DataError, match=r"usps\.h5"):
        catalogue.load("usps")
