"""CIFAR-10: its pickles, which may hold nothing but arrays, and its bytes."""

import contextlib
import os
import pickle
import subprocess

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from core.data import catalogue
from core.data.dataset import DataError
from core.data.formats.pickles import read_pickle
from core.data.sources import cifar10
from tests.support.uploads import put


def batch(count=4, labels=None, start=0) -> dict:
    pixels = np.arange(start, start + count * 3072).astype(np.uint8).reshape(count, 3072)
    return {b"data": pixels, b"labels": list(range(count)) if labels is None else labels}


@pytest.mark.parametrize("protocol", range(5))
def test_plain_values_and_arrays_of_bytes_come_through_every_protocol(protocol, tmp_path):
    content = {"data": batch()[b"data"], "labels": [1, 2], "name": "a", "real": 0.5, "none": None}
    result = read_pickle(put(tmp_path, "p", pickle.dumps(content, protocol)))
    result = {key.decode() if isinstance(key, bytes) else key: value for key, value in result.items()}
    assert_array_equal(result["data"], content["data"])
    assert result["data"].dtype == np.uint8
    assert result["labels"] == [1, 2]
    assert result["real"] == 0.5


class Runs:
    def __init__(self, function, *arguments):
        self.what = function, arguments

    def __reduce__(self):
        return self.what


EVIL = {
    "a command": Runs(os.system, "touch it-was-run"),
    "code": Runs(eval, "__import__('pathlib').Path('it-was-run').touch()"),
    "a process": Runs(subprocess.run, ["touch", "it-was-run"]),
    "another function of NumPy": Runs(np.savetxt, "it-was-run", [1]),
}


@pytest.mark.parametrize("evil", EVIL.values(), ids=EVIL)
def test_a_pickle_that_asks_for_anything_else_is_refused_and_nothing_is_run(evil, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = put(tmp_path, "data_batch_1", pickle.dumps({b"data": evil}))
    with pytest.raises(DataError, match="nothing was run"):
        read_pickle(path)
    assert not (tmp_path / "it-was-run").exists()
    pickle.loads(path.read_bytes())
    assert (tmp_path / "it-was-run").exists(), "the pickle would have done it"


def test_a_pickle_of_objects_is_refused(tmp_path):
    with pytest.raises(DataError, match="values are not bytes"):
        read_pickle(put(tmp_path, "p", pickle.dumps({"data": np.zeros(3)})))


@pytest.mark.parametrize("cut", [0.02, 0.5, 0.99])
def test_a_pickle_cut_short_is_a_sentence(cut, tmp_path):
    whole = pickle.dumps(batch())
    with pytest.raises(DataError, match="Get it again"):
        read_pickle(put(tmp_path, "p", whole[: int(cut * len(whole))]))


def test_any_bytes_changed_in_a_pickle_give_a_value_or_a_sentence(tmp_path):
    whole, rng = pickle.dumps(batch(1), 2), np.random.default_rng(1)
    for _ in range(300):
        content = bytearray(whole)
        content[rng.integers(0, 200)] = rng.integers(0, 256)
        with contextlib.suppress(DataError):
            read_pickle(put(tmp_path, "p", bytes(content)))


def test_cifars_batches_train_in_their_order_and_the_test_batch_tests(data):
    for number in (1, 3):
        put(
            data,
            f"cifar10/cifar-10-batches-py/data_batch_{number}",
            pickle.dumps(batch(3, [number] * 3, start=number), 2),
        )
    put(data, "cifar10/cifar-10-batches-py/test_batch", pickle.dumps(batch(2, [9, 8]), 2))
    recording = catalogue.load("cifar10")
    assert recording.labels.tolist() == [1, 1, 1, 3, 3, 3, 9, 8]
    assert recording.parts == {"train": range(6), "test": range(6, 8)}
    assert recording.images[0, :, 0, 0].tolist() == [1, (1 + 1024) % 256, (1 + 2048) % 256], (
        "red, then green, then blue"
    )
    assert recording.images[0, 0, 0, 1] == 2, "row by row"


def test_cifars_binary_version_gives_the_same(data):
    for name, labels in (("data_batch_1", [3, 1, 0]), ("test_batch", [9, 8])):
        pixels = batch(len(labels))[b"data"]
        rows = np.concatenate([np.array(labels, np.uint8)[:, None], pixels], axis=1)
        put(data, f"cifar10/cifar-10-batches-bin/{name}.bin", rows.tobytes())
    recording = catalogue.load("cifar10")
    assert recording.labels.tolist() == [3, 1, 0, 9, 8]
    assert_array_equal(recording.images[:3].reshape(3, -1), batch(3)[b"data"])


BAD_BATCHES = {
    "a list": ([1, 2], "no 'data'"),
    "too few values": ({"data": np.zeros((2, 9), np.uint8), "labels": [1, 2]}, "3,072"),
    "no labels": ({"data": batch()[b"data"]}, "no 'labels'"),
    "a label of 10": (batch(2, [1, 10]), "no 'labels' from 0 to 9"),
    "a label too few": (batch(3, [1, 2]), "3 images but 2 labels"),
}


@pytest.mark.parametrize("content, words", BAD_BATCHES.values(), ids=BAD_BATCHES)
def test_a_batch_that_is_none_of_cifars_is_refused_in_a_sentence(content, words, tmp_path):
    path = put(tmp_path, "data_batch_1", pickle.dumps(content))
    with pytest.raises(DataError, match=words):
        cifar10.read(cifar10.ENTRY, [path, path])


@pytest.mark.parametrize(
    "content, words", [(bytes(3000), "not a multiple of"), (b"\x0a" + bytes(3072), "has the label 10")]
)
def test_bytes_that_are_none_of_cifars_are_refused_in_a_sentence(content, words, tmp_path):
    path = put(tmp_path, "data_batch_1.bin", content)
    with pytest.raises(DataError, match=words):
        cifar10.read(cifar10.ENTRY, [path, path])


def test_without_the_optional_batches_cifar_is_not_missing(data):
    assert "data_batch_1, test_batch missing" in catalogue.missing("cifar10")


def test_the_real_cifar_files_are_read(real_data, monkeypatch):
    monkeypatch.setenv("CONVSCOPE_DATA", str(real_data))
    if sentence := catalogue.missing("cifar10"):
        pytest.skip(sentence)
    recording = catalogue.load("cifar10")
    if len(recording.parts["train"]) != 2000:
        pytest.skip("these are more of CIFAR-10's batches than the counts below are of")
    assert recording.counts("train").tolist() == [202, 191, 203, 195, 214, 183, 207, 199, 203, 203]
    assert recording.counts("test").tolist() == [57, 41, 51, 49, 40, 48, 54, 47, 57, 56]
    assert [recording.class_names[label] for label in recording.labels[:3]] == ["frog", "truck", "truck"]
    means = recording.images.mean(axis=(0, 2, 3)) / 255
    assert np.abs(means - [0.4914, 0.4822, 0.4465]).max() < 0.01
